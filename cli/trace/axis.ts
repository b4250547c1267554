/** A mark on the time axis: its cell, counted from the left, and its label. */
export interface Tick {
  readonly cell: number;
  readonly label: string;
}

const cellsPerMark = 10;
const steps = [1, 2, 5];

/** Round marks (1, 2 or 5 times a power of ten) for a time axis of so many cells, all in the unit of its length. */
export function axisTicks(totalNs: bigint, cells: number, micro: string): Tick[] {
  const total = Number(totalNs);
  const ticks: Tick[] = [{ cell: 0, label: '0' }];
  if (total <= 0) {
    return ticks;
  }
  const stepNs = roundStep(total / Math.max(1, Math.floor(cells / cellsPerMark)));
  const unit = timeUnit(total, micro);
  for (let atNs = stepNs; atNs < total; atNs += stepNs) {
    const cell = Math.floor((atNs / total) * cells);
    const label = `${Number((atNs / unit.ns).toPrecision(6))} ${unit.name}`;
    if (cell + label.length <= cells) {
      ticks.push({ cell, label });
    }
  }
  return ticks;
}

/** The shortest of 1, 2 or 5 times a power of ten nanoseconds that is not below the given length; 1 at least. */
export function roundStep(atLeastNs: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeastNs));
  const factor = steps.find((candidate) => candidate * power >= atLeastNs) ?? 10;
  return Math.max(1, factor * power);
}

/** The unit in which a length of time is well told. */
export function timeUnit(
  totalNs: number,
  micro: string,
): { readonly name: string; readonly ns: number } {
  if (totalNs >= 1e9) {
    return { name: 's', ns: 1e9 };
  }
  if (totalNs >= 1e6) {
    return { name: 'ms', ns: 1e6 };
  }
  return totalNs >= 1e3 ? { name: `${micro}s`, ns: 1e3 } : { name: 'ns', ns: 1 };
}
