import assert from 'node:assert/strict';

import { createBook, type Book } from '../../../../../receivers/rtt-pinger/core/book.ts';
import { exposition } from '../../../../../receivers/rtt-pinger/core/exposition.ts';
import { rttFamilies } from '../../../../../receivers/rtt-pinger/core/rtt-families.ts';
import type { SeriesPlan } from '../../../../../receivers/rtt-pinger/core/series-budget.ts';
import {
  protocols,
  type Peer,
  type Wanted,
} from '../../../../../receivers/rtt-pinger/core/target.ts';
import { targetsOf } from '../../../../../receivers/rtt-pinger/core/targets.ts';
import {
  openMetricsText,
  prometheusText,
} from '../../../../../receivers/shared/metrics/text-format.ts';
import { peer } from '../peers.ts';

const byPair: SeriesPlan = { pairs: true, seeds: true, level: { by: 'zone' }, single: 0 };
const self = { node: 'here', namespace: '', pod: '' };
const ports = { tcp: 1, http: 2, udp: 3 };
const ofIcmp = (peers: readonly Peer[]): readonly Wanted[] =>
  targetsOf(peers, { protocols: ['icmp'], ports, self }).targets;

function pod(name: string, address: string, more: Partial<Peer> = {}): Peer {
  const id = `pod/shop/${name}`;
  return peer(name, address, { id, node: 'worker', namespace: 'shop', pod: name, ...more });
}

function probe(book: Book, targets: readonly Wanted[], rttMs = 1): void {
  for (const target of targets) {
    const probed = { ...target, gone: false };
    const oneWay = { outNs: 1, backNs: 1, session: 1, responderSaw: 1, sentSoFar: 1 };
    const ways = target.protocol === 'udp' ? { oneWay } : {};
    book.add({ kind: 'ok', target: probed, rttNs: rttMs * 1e6, late: false, ...ways }, true);
    book.add({ kind: 'failed', target: probed, reason: 'timeout', late: false }, false);
  }
}

/** The lines of /metrics that have a series of a metric. */
function lines(book: Book, metric = '', format = prometheusText): string[] {
  const methodOf = () => ({ method: 'x', stamps: 'kernel' });
  const families = rttFamilies(book, { node: 'here', zone: '', rack: '', methodOf });
  const delays = { from: 'here', sinceMs: -1, protocols };
  const text = [...exposition({ seeds: () => book.pairs(), delays, families }, format)].join('');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && line.startsWith(metric));
}

describe('the series of peers', () => {
  const dual = [
    peer('worker', '192.0.2.1'),
    peer('worker', '2001:db8::1', { id: 'node/worker/2' }),
  ];
  const pods = [pod('a', '192.0.2.2'), pod('b', '192.0.2.3')];
  const inFile = peer('a', '192.0.2.2', { id: 'file/a', node: '', pod: 'a', port: 9 });
  const named = peer('worker', '192.0.2.9', { id: 'static/worker' });

  for (const [title, peers, tellPods] of [
    ['with addresses of two families', dual, true],
    ['with several pods on a node that are not told apart', pods, false],
    [
      'that are pods of two families, not told apart',
      [...pods, pod('a', '2001:db8::2', { id: 'pod/shop/a/2' })],
      false,
    ],
    ['of a file and of Kubernetes', [inFile, ...pods], true],
    ['of a list and of Kubernetes', [...dual, named], true],
  ] as const)
    for (const [format, name] of [
      [prometheusText, 'plain text'],
      [openMetricsText, 'OpenMetrics'],
    ] as const)
      it(`are told once each for peers ${title}, in ${name}`, () => {
        const book = createBook({ nowMs: () => 0, pods: tellPods });
        const { targets } = targetsOf(peers, { protocols, ports, self });
        book.follow(targets, byPair);
        for (let round = 0; round < 2; round++) probe(book, targets);
        const names = lines(book, '', format).map((line) =>
          line.slice(0, line.lastIndexOf('} ') + 1),
        );

        assert.ok(names.some((each) => each.startsWith('netprober_interpod_latency_s_count')));
        assert.ok(names.some((each) => each.startsWith('kube_latency_rtt_one_way_delay')));
        assert.deepEqual(
          names.filter((each, at) => names.indexOf(each) !== at),
          [],
        );
      });

  it('say which family they are of where a peer has both, and else nothing of it', () => {
    const book = createBook({ nowMs: () => 0 });
    const targets = ofIcmp([...dual, peer('other', '192.0.2.7')]);
    book.follow(targets, byPair);
    probe(book, targets);
    const told = lines(book, 'kube_latency_rtt_loss').map((line) => [
      /destination_node="(\w+)"/.exec(line)?.[1],
      /network_type="(\w+)"/.exec(line)?.[1],
    ]);

    assert.deepEqual(told, [
      ['worker', 'ipv4'],
      ['worker', 'ipv6'],
      ['other', undefined],
    ]);
  });

  it('are sums of those of which they say the same, that do not fall when one of these goes', () => {
    const book = createBook({ nowMs: () => 0, pods: false });
    const both = ofIcmp(pods);
    book.follow(both, byPair);
    for (const [index, target] of both.entries()) probe(book, [target], index + 1);

    const counts = (metric: string): string[] =>
      lines(book, `kube_latency_rtt_${metric}`).map((line) =>
        line.slice(line.lastIndexOf(' ') + 1),
      );
    assert.deepEqual(counts('probes_total'), ['2', '2']);
    assert.deepEqual(counts('duration_seconds_sum'), ['0.003']);
    assert.deepEqual(counts('loss_ratio'), ['0.5']);

    book.follow(both.slice(1), byPair);
    probe(book, both.slice(1));

    assert.deepEqual(counts('probes_total'), ['3', '3']);
  });

  it('of rollups say what they are of, so that a sum can leave out them or the pairs in them', () => {
    const told = (level: SeriesPlan['level']): (string | undefined)[] => {
      const book = createBook({ nowMs: () => 0 });
      const targets = ofIcmp([
        peer('a', '192.0.2.1', { zone: 'east', rack: 'r1' }),
        peer('b', '192.0.2.2', { zone: 'west', rack: 'r2' }),
      ]);
      book.follow(targets, { pairs: false, seeds: false, level, single: 1 });
      book.single(new Set(targets.slice(0, 1).map(({ key }) => key)));
      probe(book, targets);
      return lines(book, 'kube_latency_rtt_loss').map(
        (line) => /kube_latency_rtt_rollup="(\w+)"/.exec(line)?.[1],
      );
    };

    assert.deepEqual(told({ by: 'rack', ownZone: 'east' }), [undefined, 'rack', 'zone']);
    assert.deepEqual(told({ by: 'zone' }), [undefined, 'zone', 'zone']);
    assert.deepEqual(told({ by: 'protocol' }), [undefined, 'all']);
  });
});
