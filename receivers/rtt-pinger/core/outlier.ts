import type { Sample } from './sample.ts';

/** A probe that is unlike those before it: slower by far, or the first that failed after a success. */
export type Outlier = 'slow' | 'failed';

/** What the next probe of a pair is compared with. */
export interface Usual {
  readonly ok: number;
  readonly medianNs: number;
  /** The last probe failed. */
  readonly wasLost: boolean;
}

/** Slower than so many times the median, and than this: below it the scheduler of any machine makes outliers. */
const slowFactor = 8;
const slowLeastNs = 1e6;
/** The median holds after so many successes. */
const successesNeeded = 20;
const medianStep = 1.05;

/** Whether a sample is an outlier beside those before it. A pair that stays down, or slow, is one for a while, not for ever. */
export function outlierOf(
  { ok, medianNs, wasLost }: Usual,
  sample: Sample,
  sound: boolean,
): Outlier | undefined {
  if (sample.kind === 'failed') return ok > 0 && !wasLost ? 'failed' : undefined;
  const { rttNs } = sample;
  const slow =
    sound && ok >= successesNeeded && rttNs > slowLeastNs && rttNs > slowFactor * medianNs;
  return slow ? 'slow' : undefined;
}

/**
 * The median so far, moved by 5 % towards a value: it settles where as many values lie above as below, whatever their size, and
 * follows a lasting change by a factor of 8 within some 43 probes. Whole nanoseconds; 0: there was none yet.
 */
export function nextMedian(medianNs: number, rttNs: number): number {
  if (medianNs === 0) return Math.round(rttNs);
  if (rttNs > medianNs) return Math.round(medianNs * medianStep);
  return rttNs < medianNs ? Math.round(medianNs / medianStep) : medianNs;
}
