import {
  createHistogram,
  type GrowingHistogram,
} from '../../shared/metrics/exponential-histogram.ts';
import {
  createWindow,
  rotate,
  seeMore,
  type Direction,
  type LossWindow,
  type Seen,
} from './loss.ts';
import { createOneWayEstimate, type OneWayEstimate } from './one-way.ts';
import type { Exemplar } from '../../shared/metrics/exemplar.ts';
import { countFailure, type Failures } from './failures.ts';
import { addPhases, createPhases, type PhaseHistograms } from './http-phases.ts';
import { nextMedian } from './outlier.ts';
import type { FailureReason, OneWay, Sample } from './sample.ts';
import { addToSeedHistogram, createSeedHistogram, type SeedHistogram } from './seed-histogram.ts';
import type { Wanted } from './target.ts';

/** Reasons of failures that a pair tells apart beside `timeout` and `other`. */
export const reasonsApart = 1;
/** Weight of a new difference in the mean one, as in RFC 3550. */
const jitterWeight = 1 / 16;

/** Everything that is known of one target. Without a histogram it takes some 250 bytes. */
export interface Pair {
  readonly target: Wanted;
  /** While it has series of its own. */
  histogram: GrowingHistogram | undefined;
  /** Of HTTP alone, while the network prober's series are told. */
  seedHistogram: SeedHistogram | undefined;
  /** Of HTTP alone, while the pair has series of its own. */
  phases: PhaseHistograms | undefined;
  ok: number;
  failed: Failures | undefined;
  /** Samples taken while the event loop was late. */
  late: number;
  lastRttNs: number | undefined;
  /** By the monotonic clock. */
  lastOkMs: number;
  /** Mean difference between one round trip and the next. */
  jitterNs: number | undefined;
  /** About the median round trip; 0: there was none yet. */
  medianNs: number;
  /** The last probe failed. */
  wasLost: boolean;
  readonly window: LossWindow;
  directed: Directed | undefined;
  exemplars: Exemplars | undefined;
}

/** The last outlier that has a span, of those that succeeded and of those that failed for a reason. */
export type Exemplars = Map<'ok' | FailureReason, Exemplar>;

/** What UDP tells of each way. */
export interface Directed {
  seen: Seen | undefined;
  /** How often the offset of the two clocks has stepped. */
  steps: number;
  readonly estimate: OneWayEstimate;
  readonly ways: Readonly<Record<Direction, Way>>;
}

export interface Way {
  delayNs: number;
  /** The last one, with the offset of the clocks in it. */
  rawNs: number | undefined;
  jitterNs: number | undefined;
  readonly window: LossWindow;
}

export function createPair(target: Wanted): Pair {
  return {
    target,
    histogram: undefined,
    seedHistogram: undefined,
    phases: undefined,
    ok: 0,
    failed: undefined,
    late: 0,
    lastRttNs: undefined,
    lastOkMs: Number.NEGATIVE_INFINITY,
    jitterNs: undefined,
    medianNs: 0,
    wasLost: false,
    window: createWindow(),
    directed: undefined,
    exemplars: undefined,
  };
}

/** Begins or ends what only pairs with series of their own keep. What is there already goes on. */
export function show(pair: Pair, shows: { readonly own: boolean; readonly seed: boolean }): void {
  pair.histogram = shows.own ? (pair.histogram ?? createHistogram()) : undefined;
  pair.phases = shows.own ? (pair.phases ?? createPhases(pair.target.protocol)) : undefined;
  const seed = shows.seed && pair.target.protocol === 'http';
  pair.seedHistogram = seed ? (pair.seedHistogram ?? createSeedHistogram()) : undefined;
}

/** Whether a sample's value may be told: one that a late event loop measured by its own clock is wrong. */
export function isSound(sample: Sample, stamps: 'kernel' | 'user'): boolean {
  return sample.kind === 'ok' && ((sample.timedBy ?? stamps) === 'kernel' || !sample.late);
}

/** Adds one sample to its pair. `sound` samples alone have a latency. */
export function addSample(
  pair: Pair,
  sample: Sample,
  now: { nowMs: number; sound: boolean },
): void {
  pair.window.sent++;
  if (sample.late) pair.late++;
  if (sample.kind === 'failed') {
    pair.window.lost++;
    pair.wasLost = true;
    countFailure((pair.failed ??= new Map()), sample.reason, reasonsApart);
    return;
  }
  pair.ok++;
  pair.wasLost = false;
  pair.lastOkMs = now.nowMs;
  if (!now.sound) return;
  const { rttNs, oneWay, phases } = sample;
  pair.histogram?.add(rttNs / 1e9);
  addPhases(pair.phases, phases);
  if (pair.seedHistogram !== undefined) addToSeedHistogram(pair.seedHistogram, rttNs / 1e9);
  pair.jitterNs = nextJitter(pair.jitterNs, pair.lastRttNs, rttNs);
  pair.lastRttNs = rttNs;
  pair.medianNs = nextMedian(pair.medianNs, rttNs);
  if (oneWay !== undefined) addWays(pair, oneWay, now.nowMs);
}

/** Begins a new stretch of time for the losses. */
export function rotatePair({ window, directed }: Pair): void {
  rotate(window);
  if (directed === undefined) return;
  rotate(directed.ways.out.window);
  rotate(directed.ways.back.window);
}

function addWays(pair: Pair, oneWay: OneWay, nowMs: number): void {
  const directed = (pair.directed ??= {
    seen: undefined,
    steps: 0,
    estimate: createOneWayEstimate(),
    ways: { out: emptyWay(), back: emptyWay() },
  });
  const { seen, sent, lost } = seeMore(directed.seen, oneWay);
  // Not the sample itself, which is larger.
  const { session, sentSoFar, responderSaw } = seen;
  directed.seen = { session, sentSoFar, responderSaw };
  const { outNs, backNs, stepped, anew } = directed.estimate.add(oneWay, nowMs);
  if (stepped) directed.steps++;
  for (const [direction, rawNs, delayNs] of [
    ['out', oneWay.outNs, outNs],
    ['back', oneWay.backNs, backNs],
  ] as const) {
    const way = directed.ways[direction];
    // The offset is in both, so it is not in their difference, unless it has stepped or drifted for long.
    way.jitterNs = nextJitter(way.jitterNs, anew ? undefined : way.rawNs, rawNs);
    way.rawNs = rawNs;
    way.delayNs = delayNs;
    way.window.sent += sent;
    way.window.lost = Math.max(0, way.window.lost + lost[direction]);
  }
}

function emptyWay(): Way {
  return { delayNs: 0, rawNs: undefined, jitterNs: undefined, window: createWindow() };
}

function nextJitter(
  jitterNs: number | undefined,
  lastNs: number | undefined,
  nowNs: number,
): number | undefined {
  if (lastNs === undefined) return jitterNs;
  const difference = Math.abs(nowNs - lastNs);
  return jitterNs === undefined ? difference : jitterNs + (difference - jitterNs) * jitterWeight;
}
