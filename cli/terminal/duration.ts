const units = [
  { name: 's', ns: 1e9 },
  { name: 'ms', ns: 1e6 },
  { name: 'us', ns: 1e3 },
] as const;

/**
 * A duration for people: three significant digits and the unit that fits (`1.62 s`, `31.2 ms`, `850 ns`);
 * from a minute on, minutes and seconds. Negative durations keep their sign.
 */
export function humanDuration(durationNs: bigint, micro = 'µ'): string {
  if (durationNs < 0n) {
    return `-${humanDuration(-durationNs, micro)}`;
  }
  const ns = Number(durationNs);
  if (ns >= 59.95e9) {
    const seconds = Math.round(ns / 1e9);
    return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  }
  for (const unit of units) {
    // 999.5 of the next smaller unit would round up to a fourth digit.
    if (ns >= unit.ns * 0.9995) {
      return `${threeDigits(ns / unit.ns)} ${unit.name.replace('u', micro)}`;
    }
  }
  return `${ns} ns`;
}

function threeDigits(value: number): string {
  if (value >= 99.95) {
    return value.toFixed(0);
  }
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
