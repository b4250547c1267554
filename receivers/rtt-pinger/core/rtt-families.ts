import type { Book, Shown } from './book.ts';
import type { ExponentialHistogram } from '../../shared/metrics/exponential-histogram.ts';
import type { Family, Labels, Point, Points } from '../../shared/metrics/families.ts';
import { lossOf, type Direction, type LossWindow } from './loss.ts';
import type { Pair, Way } from './pair.ts';
import type { Rollup } from './rollup.ts';
import type { Protocol } from './target.ts';

/** Where probes come from, and what a protocol's probes really are. */
export interface Origin {
  readonly node: string;
  readonly zone: string;
  /** Empty: unknown, and not told. */
  readonly rack: string;
  /** `icmp` by TCP is `tcp-instead`; the stamps are `kernel` or `user`. */
  readonly methodOf: (protocol: Protocol) => { readonly method: string; readonly stamps: string };
}

const nsPerSecond = 1e9;

/** Every metric of round trips; the README's table says the same. */
export const rttMetrics = {
  duration: {
    name: 'kube_latency.rtt.duration',
    unit: 's',
    kind: 'histogram',
    description: 'Round trips that succeeded and whose time is sound',
  },
  probes: {
    name: 'kube_latency.rtt.probes',
    unit: '{probe}',
    kind: 'counter',
    description: 'Probes by outcome; error.type says why one failed',
  },
  late: {
    name: 'kube_latency.rtt.late',
    unit: '{probe}',
    kind: 'counter',
    description:
      'Probes while the event loop was late: with the stamps of the user they have no duration, with those of the kernel they have',
  },
  loss: {
    name: 'kube_latency.rtt.loss',
    unit: '1',
    kind: 'gauge',
    description:
      'Share of probes without success in the last 15 to 30 s, or 3 to 6 rounds where these are longer; UDP tells each direction, too',
  },
  jitter: {
    name: 'kube_latency.rtt.jitter',
    unit: 's',
    kind: 'gauge',
    description: 'Mean difference between one round trip, or one way, and the next (RFC 3550)',
  },
  oneWay: {
    name: 'kube_latency.rtt.one_way.delay',
    unit: 's',
    kind: 'gauge',
    description:
      'Last delay of each direction by UDP, less the offset of the clocks, for which the least delays are held to be equal',
  },
} as const;

/**
 * The series of a book: of each pair while there is room for them; otherwise of each zone, and of pairs that stand out. Points are
 * made as they are gone through.
 */
export function rttFamilies(book: Book, origin: Origin): readonly Family[] {
  function* series(): Generator<Series> {
    for (const shown of book.shown()) yield { kind: 'pairs', shown };
    for (const rollup of book.rollups()) yield { kind: 'rollup', rollup };
  }
  const of = <Value>(read: (one: Series, labels: Labels) => Iterable<Point<Value>>) => ({
    *[Symbol.iterator]() {
      for (const one of series()) yield* read(one, labelsOf(one, origin));
    },
  });
  return [
    { ...rttMetrics.duration, points: of(durationPoints) },
    { ...rttMetrics.probes, points: of(probePoints) },
    { ...rttMetrics.late, points: of(latePoints) },
    { ...rttMetrics.loss, points: of(lossPoints) },
    { ...rttMetrics.jitter, points: of(jitterPoints) },
    { ...rttMetrics.oneWay, points: of(delayPoints) },
  ];
}

export type Series =
  | { readonly kind: 'pairs'; readonly shown: Shown }
  | { readonly kind: 'rollup'; readonly rollup: Rollup };

/** What pairs and rollups have in common. */
function countsOf(one: Series): Pair | Rollup {
  return one.kind === 'pairs' ? one.shown.counts : one.rollup;
}

function pairsOf(one: Series): readonly Pair[] {
  return one.kind === 'pairs' ? one.shown.pairs : [];
}

function durationPoints(one: Series, labels: Labels): readonly Point<ExponentialHistogram>[] {
  const { histogram, exemplars } = countsOf(one);
  const value = histogram?.read();
  if (value === undefined || value.count === 0) return [];
  return [{ labels, value, exemplar: exemplars?.get('ok') }];
}

function* probePoints(one: Series, labels: Labels): Points<number> {
  const { ok, failed, exemplars } = countsOf(one);
  yield { labels: { ...labels, outcome: 'ok' }, value: ok };
  for (const [reason, value] of failed ?? [])
    yield {
      labels: { ...labels, outcome: 'failed', 'error.type': reason },
      value,
      exemplar: exemplars?.get(reason),
    };
}

function latePoints(one: Series, labels: Labels): Points<number> {
  return [{ labels, value: countsOf(one).late }];
}

function* lossPoints(one: Series, labels: Labels): Points<number> {
  yield* point(labels, lossOf(countsOf(one)));
  for (const [ways, ofWay] of waysOf(one, labels))
    yield* point(ofWay, lossOf(sumOf(ways.map(({ window }) => window))));
}

function* jitterPoints(one: Series, labels: Labels): Points<number> {
  yield* point(labels, seconds(meanOf(pairsOf(one).map(({ jitterNs }) => jitterNs))));
  for (const [ways, ofWay] of waysOf(one, labels))
    yield* point(ofWay, seconds(meanOf(ways.map(({ jitterNs }) => jitterNs))));
}

function* delayPoints(one: Series, labels: Labels): Points<number> {
  for (const [ways, ofWay] of waysOf(one, labels))
    yield* point(ofWay, seconds(meanOf(ways.map(({ delayNs }) => delayNs))));
}

const directions = ['out', 'back'] as const satisfies readonly Direction[];

function waysOf(one: Series, labels: Labels): readonly (readonly [readonly Way[], Labels])[] {
  const directed = pairsOf(one).flatMap((pair) => pair.directed ?? []);
  if (directed.length === 0) return [];
  return directions.map((direction) => [
    directed.map(({ ways }) => ways[direction]),
    { ...labels, direction },
  ]);
}

function sumOf(windows: readonly LossWindow[]): LossWindow {
  const sum = { sent: 0, lost: 0, sentBefore: 0, lostBefore: 0 };
  for (const window of windows)
    for (const key of ['sent', 'lost', 'sentBefore', 'lostBefore'] as const)
      sum[key] += window[key];
  return sum;
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b) / known.length;
}

export function labelsOf(one: Series, origin: Origin): Labels {
  if (one.kind === 'rollup') return rollupLabels(one.rollup, origin);
  const { labels, pairs } = one.shown;
  return { ...commonLabels(pairs[0].protocol, origin), ...labels };
}

function rollupLabels({ protocol, zone, rack }: Rollup, origin: Origin): Labels {
  return {
    ...commonLabels(protocol, origin),
    // Pairs may be shown beside the rollup that they are in: a sum of both would have them twice.
    'kube_latency.rtt.rollup': zone === undefined ? 'all' : rack === undefined ? 'zone' : 'rack',
    ...(zone === undefined ? {} : { 'destination.zone': zone }),
    ...(rack === undefined ? {} : { 'destination.rack': rack }),
  };
}

function commonLabels(protocol: Protocol, { node, zone, rack, methodOf }: Origin): Labels {
  const { method, stamps } = methodOf(protocol);
  const source = { 'source.node': node, 'source.zone': zone };
  return { protocol, method, stamps, ...source, ...(rack === '' ? {} : { 'source.rack': rack }) };
}

function point(labels: Labels, value: number | undefined): readonly Point<number>[] {
  return value === undefined ? [] : [{ labels, value }];
}

function seconds(ns: number | undefined): number | undefined {
  return ns === undefined ? undefined : ns / nsPerSecond;
}
