import type { Offset } from '../../receivers/pod-prober/clock-offset.ts';

/** One clock minus another, where both are known against a third. */
export function difference(one: Offset, other: Offset): Offset {
  return {
    loNs: one.loNs === null || other.hiNs === null ? null : one.loNs - other.hiNs,
    hiNs: one.hiNs === null || other.loNs === null ? null : one.hiNs - other.loNs,
  };
}

/** By how much two clocks differ for certain; 0 while they may agree. */
export function certainSkewNs({ loNs, hiNs }: Offset): bigint {
  if (loNs !== null && loNs > 0n) return loNs;
  return hiNs !== null && hiNs < 0n ? -hiNs : 0n;
}

/** What two bounds of the same offset leave together; nothing sensible where they contradict each other. */
export function narrow(one: Offset, other: Offset): Offset {
  const { loNs, hiNs } = other;
  return {
    loNs: one.loNs === null || (loNs !== null && loNs > one.loNs) ? loNs : one.loNs,
    hiNs: one.hiNs === null || (hiNs !== null && hiNs < one.hiNs) ? hiNs : one.hiNs,
  };
}
