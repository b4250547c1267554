import type { Measurement, Timing } from '../measurement.ts';

/** Whether node-latency-for-k8s reads the source with fractions of a second: that of the CNI plugin alone. */
export function isExact(source: string): boolean {
  return source === 'aws-node';
}

const secondNs = 1_000_000_000n;

/** Timings as node-latency-for-k8s has them: of whole seconds, and none after the last terminal event. */
export function classicTimings({ timings, zero }: Measurement): readonly Timing[] {
  if (zero === undefined) return [];
  const zeroNs = zero.atUnixNs - (zero.atUnixNs % secondNs);
  return timings.flatMap((timing) => {
    if (timing.afterEnd) return [];
    const { source, atUnixNs } = timing;
    const at = isExact(source) ? atUnixNs : atUnixNs - (atUnixNs % secondNs);
    return [{ ...timing, atUnixNs: at, sinceNs: at - zeroNs }];
  });
}
