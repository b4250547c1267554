import type { Explanation } from './explanation.ts';

/** The time in which other probes are looked for, and its name in a sentence. */
export interface Hour {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly words: 'of the last hour' | 'of the hour before';
}

const hourNs = 3_600_000_000_000n;

/** The last hour, or of an older start the hour that ended with it. */
export function hourOf(
  { fromNs, toNs }: Pick<Explanation, 'fromNs' | 'toNs'>,
  nowNs: bigint,
): Hour {
  return nowNs - fromNs <= hourNs
    ? { fromNs: nowNs - hourNs, toNs: nowNs, words: 'of the last hour' }
    : { fromNs: toNs - hourNs, toNs, words: 'of the hour before' };
}
