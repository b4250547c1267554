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
import type { Peer, Protocol, Wanted } from './target.ts';

/** Reasons of failures that a pair tells apart beside `timeout` and `other`. */
export const reasonsApart = 1;
/** Before any moment of the monotonic clock. */
const never = -(2 ** 30);
/** Weight of a new difference in the mean one, as in RFC 3550. */
const jitterWeight = 1 / 16;

/**
 * Everything that is known of one target. Without a histogram it takes some 200 bytes, because its times are whole numbers, for
 * which the engine needs no memory of their own.
 */
export interface Pair extends LossWindow {
  readonly peer: Peer;
  readonly protocol: Protocol;
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
  /** By the monotonic clock; `never` before the first. */
  lastOkMs: number;
  /** Mean difference between one round trip and the next. */
  jitterNs: number | undefined;
  /** About the median round trip; 0: there was none yet. */
  medianNs: number;
  /** The last probe failed. */
  wasLost: boolean;
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

export function createPair({ peer, protocol }: Pick<Wanted, 'peer' | 'protocol'>): Pair {
  return {
    peer,
    protocol,
    histogram: undefined,
    seedHistogram: undefined,
    phases: undefined,
    ok: 0,
    failed: undefined,
    late: 0,
    lastRttNs: undefined,
    lastOkMs: never,
    jitterNs: undefined,
    medianNs: 0,
    wasLost: false,
    sent: 0,
    lost: 0,
    sentBefore: 0,
    lostBefore: 0,
    directed: undefined,
    exemplars: undefined,
  };
}

/** Begins or ends what only pairs with series of their own keep. What is there already goes on. */
export function show(pair: Pair, shows: { readonly own: boolean; readonly seed: boolean }): void {
  pair.histogram = shows.own ? (pair.histogram ?? createHistogram()) : undefined;
  pair.phases = shows.own ? (pair.phases ?? createPhases(pair.protocol)) : undefined;
  const seed = shows.seed && pair.protocol === 'http';
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
  pair.sent++;
  if (sample.late) pair.late++;
  if (sample.kind === 'failed') {
    pair.lost++;
    pair.wasLost = true;
    countFailure((pair.failed ??= new Map()), sample.reason, reasonsApart);
    return;
  }
  pair.ok++;
  pair.wasLost = false;
  pair.lastOkMs = Math.round(now.nowMs);
  if (!now.sound) return;
  const { rttNs, oneWay, phases } = sample;
  pair.histogram?.add(rttNs / 1e9);
  addPhases(pair.phases, phases);
  if (pair.seedHistogram !== undefined) addToSeedHistogram(pair.seedHistogram, rttNs / 1e9);
  pair.jitterNs = nextJitter(pair.jitterNs, pair.lastRttNs, rttNs);
  pair.lastRttNs = Math.round(rttNs);
  pair.medianNs = nextMedian(pair.medianNs, rttNs);
  if (oneWay !== undefined) addWays(pair, oneWay, now.nowMs);
}

/** Begins a new stretch of time for the losses. */
export function rotatePair(pair: Pair): void {
  rotate(pair);
  const { directed } = pair;
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
  if (jitterNs === undefined) return Math.round(difference);
  return Math.round(jitterNs + (difference - jitterNs) * jitterWeight);
}
