import type { Book, Rollup } from './book.ts';
import type { Family, Labels, Point } from '../../shared/metrics/families.ts';
import { lossOf } from './loss.ts';
import type { Pair } from './pair.ts';
import type { FailureReason } from './sample.ts';
import type { Protocol } from './target.ts';

/** Where probes come from, and what a protocol's probes really are. */
export interface Origin {
  readonly node: string;
  readonly zone: string;
  /** `icmp` by TCP is `tcp-instead`; the stamps are `kernel` or `user`. */
  readonly methodOf: (protocol: Protocol) => { readonly method: string; readonly stamps: string };
  /** Tell pods apart, too. */
  readonly pods: boolean;
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
      'Share of probes without success in the last 15 to 30 s; UDP tells each direction, too',
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

/** The series of a book: of each pair while they are few; otherwise of each zone, and of pairs under suspicion. */
export function rttFamilies(book: Book, origin: Origin): readonly Family[] {
  const rollups = book.byPair() ? [] : [...book.rollups()];
  const entries = [
    ...[...book.shown()].map((pair) => fromPair(pair, pairLabels(pair, origin))),
    ...rollups.map((rollup) => fromRollup(rollup, rollupLabels(rollup, origin))),
  ];
  const all = (of: (entry: Entry) => readonly Point<number>[]): readonly Point<number>[] =>
    entries.flatMap(of);
  return [
    { ...rttMetrics.duration, points: entries.flatMap(({ duration }) => duration) },
    { ...rttMetrics.probes, points: all(({ probes }) => probes) },
    { ...rttMetrics.late, points: all(({ late }) => late) },
    { ...rttMetrics.loss, points: all(({ loss }) => loss) },
    { ...rttMetrics.jitter, points: all(({ jitter }) => jitter) },
    { ...rttMetrics.oneWay, points: all(({ oneWay }) => oneWay) },
  ];
}

interface Entry {
  readonly duration: Extract<Family, { kind: 'histogram' }>['points'];
  readonly probes: readonly Point<number>[];
  readonly late: readonly Point<number>[];
  readonly loss: readonly Point<number>[];
  readonly jitter: readonly Point<number>[];
  readonly oneWay: readonly Point<number>[];
}

function fromPair(pair: Pair, labels: Labels): Entry {
  const histogram = pair.histogram?.read();
  const ways = pair.directed === undefined ? [] : Object.entries(pair.directed.ways);
  const directed = ways.map(([direction, way]) => ({
    way,
    labels: { ...labels, direction },
  }));
  return {
    duration:
      histogram === undefined || histogram.count === 0 ? [] : [{ labels, value: histogram }],
    probes: probePoints(pair, labels),
    late: [{ labels, value: pair.late }],
    loss: [
      ...point(labels, lossOf(pair.window)),
      ...directed.flatMap((each) => point(each.labels, lossOf(each.way.window))),
    ],
    jitter: [
      ...point(labels, seconds(pair.jitterNs)),
      ...directed.flatMap((each) => point(each.labels, seconds(each.way.jitterNs))),
    ],
    oneWay: directed.flatMap((each) => point(each.labels, seconds(each.way.delayNs))),
  };
}

function fromRollup(rollup: Rollup, labels: Labels): Entry {
  const histogram = rollup.histogram.read();
  return {
    duration: histogram.count === 0 ? [] : [{ labels, value: histogram }],
    probes: probePoints(rollup, labels),
    late: [{ labels, value: rollup.late }],
    loss: point(labels, lossOf(rollup.window)),
    jitter: [],
    oneWay: [],
  };
}

function probePoints(
  counts: { readonly ok: number; readonly failed: ReadonlyMap<FailureReason, number> | undefined },
  labels: Labels,
): readonly Point<number>[] {
  const failed = [...(counts.failed ?? [])].map(([reason, value]) => ({
    labels: { ...labels, outcome: 'failed', 'error.type': reason },
    value,
  }));
  return [{ labels: { ...labels, outcome: 'ok' }, value: counts.ok }, ...failed];
}

function pairLabels({ target: { protocol, peer } }: Pair, origin: Origin): Labels {
  return {
    ...commonLabels(protocol, origin),
    'destination.node': peer.node,
    'destination.zone': peer.zone,
    ...(origin.pods && peer.pod !== ''
      ? { 'destination.namespace': peer.namespace, 'destination.pod': peer.pod }
      : {}),
    ...(peer.node === '' ? { 'destination.address': peer.address } : {}),
  };
}

function rollupLabels({ protocol, zone }: Rollup, origin: Origin): Labels {
  return { ...commonLabels(protocol, origin), 'destination.zone': zone };
}

function commonLabels(protocol: Protocol, { node, zone, methodOf }: Origin): Labels {
  return { protocol, ...methodOf(protocol), 'source.node': node, 'source.zone': zone };
}

function point(labels: Labels, value: number | undefined): readonly Point<number>[] {
  return value === undefined ? [] : [{ labels, value }];
}

function seconds(ns: number | undefined): number | undefined {
  return ns === undefined ? undefined : ns / nsPerSecond;
}
