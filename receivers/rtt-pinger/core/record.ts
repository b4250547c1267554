import { createAllowance } from './allowance.ts';
import { createBook, type Book } from './book.ts';
import type { SpanRef } from '../../shared/metrics/exemplar.ts';
import { isSound } from './pair.ts';
import type { Outlier } from './outlier.ts';
import type { Sample } from './sample.ts';
import { createSpotlight, type Spotlight } from './spotlight.ts';
import { createTally, type Tally } from './tally.ts';
import type { Protocol, Wanted } from './target.ts';
import { planSeries, type SeriesRules } from './series-budget.ts';

export type Stamps = 'kernel' | 'user';

/** Makes a span of an outlier; undefined: none is made. */
export type Trace = (sample: Sample, outlier: Outlier) => SpanRef | undefined;

export interface RecordOptions {
  /** What tells the time of a protocol's probes. */
  readonly stampsOf: (protocol: Protocol) => Stamps;
  /** The monotonic clock and the Unix clock, in milliseconds. */
  readonly nowMs: () => number;
  readonly epochMs: () => number;
  readonly trace: Trace;
  /** Series tell pods apart. */
  readonly pods: boolean;
}

/** All that is kept of what was measured, in each of its forms. */
export interface MeasurementRecord {
  readonly take: (sample: Sample) => void;
  /** The targets that are probed now. The tally is of those of one protocol. */
  readonly follow: (
    targets: readonly Wanted[],
    rules: SeriesRules & { readonly tallied: Protocol | undefined },
  ) => void;
  /** Chooses anew which pairs stand out. To be called about once an interval, with those at fault. */
  readonly refresh: (convicted: ReadonlySet<string>) => void;
  readonly book: Book;
  readonly tally: Tally;
  readonly outliers: () => { readonly all: number; readonly suppressed: number };
}

/** Spans of outliers: a node that goes down makes one of each pair at once. */
const spanRules = { burst: 10, perSecond: 1 };

export function createRecord(options: RecordOptions): MeasurementRecord {
  const { stampsOf, nowMs, epochMs, trace, pods } = options;
  const book = createBook({ nowMs, pods });
  const tally = createTally({ nowMs: epochMs });
  const spotlight: Spotlight = createSpotlight();
  const allowed = createAllowance(spanRules);
  const outliers = { all: 0, suppressed: 0 };

  function takeOutlier(sample: Sample, outlier: Outlier): void {
    outliers.all++;
    spotlight.note(sample.target.key, nowMs());
    if (!allowed(nowMs())) return void outliers.suppressed++;
    const span = trace(sample, outlier);
    if (span === undefined) return;
    const value = sample.kind === 'ok' ? sample.rttNs / 1e9 : 1;
    book.exemplify(sample, { ...span, value, atMs: epochMs() });
  }

  return {
    take: (sample) => {
      const sound = isSound(sample, stampsOf(sample.target.protocol));
      const outlier = book.add(sample, sound);
      tally.add(sample, sound);
      if (outlier !== undefined) takeOutlier(sample, outlier);
    },
    follow: (targets, { tallied, ...rules }) => {
      book.follow(targets, planSeries(targets, rules));
      tally.follow(targets.filter(({ protocol }) => protocol === tallied));
    },
    refresh: (convicted) => {
      const { pairs, single } = book.plan();
      book.single(pairs ? new Set() : spotlight.shown(convicted, single, nowMs()));
    },
    book,
    tally,
    outliers: () => ({ ...outliers }),
  };
}
