import type { Occurrence } from '../core/occurrence.ts';

type Stamped = Pick<Occurrence, 'atUnixNs' | 'monotonicUs' | 'bootId'>;

/** By more, a clock was set: less is the clock's drift, or that it is slowed and hastened to be right. */
const stepNs = 100_000_000n;

/**
 * Moments as the machine's clock would have told them had it been right from the boot on: where it was set during a boot, what happened
 * before that is placed by how long it was before the last that is known of that boot. What has no boot id and time since boot is left.
 */
export function withoutClockSteps<T extends Stamped>(items: readonly T[]): readonly T[] {
  const starts = new Map<string, { readonly monotonicUs: number; readonly startNs: bigint }>();
  for (const { bootId, monotonicUs, atUnixNs } of items) {
    if (bootId === undefined || monotonicUs === undefined) continue;
    if (monotonicUs >= (starts.get(bootId)?.monotonicUs ?? 0))
      starts.set(bootId, { monotonicUs, startNs: atUnixNs - sinceNs(monotonicUs) });
  }
  return items.map((item) => {
    const start = item.bootId === undefined ? undefined : starts.get(item.bootId);
    if (start === undefined || item.monotonicUs === undefined) return item;
    const atUnixNs = start.startNs + sinceNs(item.monotonicUs);
    const offNs = atUnixNs - item.atUnixNs;
    return offNs > stepNs || offNs < -stepNs ? { ...item, atUnixNs } : item;
  });
}

function sinceNs(monotonicUs: number): bigint {
  return BigInt(Math.round(monotonicUs * 1000));
}
