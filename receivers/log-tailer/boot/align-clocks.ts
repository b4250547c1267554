/** A moment of a boot by both clocks, where its source has both. */
interface Stamped {
  readonly atUnixNs: bigint;
  readonly bootId?: string;
  readonly monotonicUs?: number;
}

/** Less is the clocks' own noise. */
const leastStepNs = 1_000_000n;

/**
 * Moves what happened before the clock was set to where it was by the clock as it went on: in each boot, the last moment says how far apart both
 * clocks are. What has no monotonic time stays where it is.
 */
export function alignClocks<Each extends Stamped>(all: readonly Each[]): readonly Each[] {
  const last = new Map<string, { readonly monotonicUs: number; readonly offsetNs: bigint }>();
  for (const { atUnixNs, bootId, monotonicUs } of all) {
    if (bootId === undefined || monotonicUs === undefined) continue;
    const known = last.get(bootId);
    if (known !== undefined && known.monotonicUs >= monotonicUs) continue;
    last.set(bootId, { monotonicUs, offsetNs: atUnixNs - nsOf(monotonicUs) });
  }
  return all.map((each) => {
    const { atUnixNs, bootId, monotonicUs } = each;
    const offsetNs = bootId === undefined ? undefined : last.get(bootId)?.offsetNs;
    if (offsetNs === undefined || monotonicUs === undefined) return each;
    const alignedNs = offsetNs + nsOf(monotonicUs);
    const stepNs = alignedNs - atUnixNs;
    return stepNs < leastStepNs && -stepNs < leastStepNs ? each : { ...each, atUnixNs: alignedNs };
  });
}

function nsOf(monotonicUs: number): bigint {
  return BigInt(Math.round(monotonicUs * 1000));
}
