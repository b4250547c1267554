import assert from 'node:assert/strict';

import { familyText } from '../../../../../receivers/shared/metrics/exposition.ts';
import { createHistogram } from '../../../../../receivers/shared/metrics/exponential-histogram.ts';
import {
  addSample,
  createPair,
  show,
  type Pair,
} from '../../../../../receivers/rtt-pinger/core/pair.ts';
import {
  interpodText,
  ownDelayText,
} from '../../../../../receivers/rtt-pinger/core/seed-series.ts';
import {
  wantedOf,
  type Peer,
  type Protocol,
} from '../../../../../receivers/rtt-pinger/core/target.ts';
import {
  openMetricsText,
  prometheusText,
} from '../../../../../receivers/shared/metrics/text-format.ts';
import { peer } from '../peers.ts';

function pair(protocol: Protocol, rttsMs: readonly number[], more: Partial<Peer> = {}): Pair {
  const target = { ...wantedOf(peer('worker', '192.0.2.1', more), protocol, 0), gone: false };
  const made = createPair(target);
  show(made, { own: true, seed: true });
  for (const rttMs of rttsMs)
    addSample(
      made,
      { kind: 'ok', target, rttNs: rttMs * 1e6, late: false },
      { nowMs: 100, sound: true },
    );
  return made;
}

describe('interpodText', () => {
  it('is the histogram of the network prober: name, labels, 25 buckets from 10 us by 2, seconds', () => {
    const text = [
      ...interpodText(
        [pair('http', [0.005, 0.02, 1], { name: 'web-0' }), pair('icmp', [1])],
        prometheusText,
      ),
    ].join('');
    const buckets = [
      ...text.matchAll(/_bucket\{dest_pod_name="web-0",dest_ip="192.0.2.1",le="(.+)"\} (\d+)/g),
    ];
    const bounds = buckets.map(([, bound]) => Number(bound));

    assert.match(
      text,
      /^# HELP netprober_interpod_latency_s Histogram of inter-Pod HTTP probe latencies\n# TYPE netprober_interpod_latency_s histogram\n/,
    );
    assert.equal(bounds.length, 26);
    assert.deepEqual([bounds[0], bounds[1], bounds[25]], [1e-5, 2e-5, Number.NaN]);
    assert.ok(Math.abs((bounds[24] ?? 0) - 167.772) < 0.001);
    assert.deepEqual(
      buckets.map(([, , count]) => Number(count)).filter((count, at, all) => count !== all[at - 1]),
      [1, 2, 3],
    );
    assert.match(text, /netprober_interpod_latency_s_sum\{.*\} 0.001025\n/);
    assert.match(text, /netprober_interpod_latency_s_count\{.*\} 3\n$/);
    assert.equal(text.match(/# HELP/g)?.length, 1);
  });

  for (const [title, format] of [
    ['plain text', prometheusText],
    ['OpenMetrics', openMetricsText],
  ] as const)
    it(`writes its bounds as the network prober did, in Go, in ${title}`, () => {
      const bounds = Array.from(
        [...interpodText([pair('http', [1])], format)].join('').matchAll(/le="(.+?)"/g),
        ([, bound]) => bound,
      );

      assert.deepEqual(bounds.slice(0, 6), [
        '1e-05',
        '2e-05',
        '4e-05',
        '8e-05',
        '0.00016',
        '0.00032',
      ]);
      assert.deepEqual(bounds.slice(-2), ['167.77216', '+Inf']);
    });

  it('is one series for two peers of one name at one address', () => {
    const text = [
      ...interpodText(
        [pair('http', [1]), pair('http', [1, 1], { id: 'file/worker' })],
        prometheusText,
      ),
    ].join('');

    assert.match(text, /_sum\{.*\} 0.003\n/);
    assert.deepEqual(text.match(/_count\{.*\} \d+/g), [
      '_count{dest_pod_name="worker",dest_ip="192.0.2.1"} 3',
    ]);
  });

  it('is nothing without probes by HTTP', () => {
    assert.equal([...interpodText([pair('icmp', [1])], prometheusText)].join(''), '');
  });
});

describe('ownDelayText', () => {
  const text = (pairs: readonly Pair[], sinceMs = 50): string =>
    [
      ...ownDelayText(pairs, { from: 'here', sinceMs, protocols: ['icmp', 'tcp'] }, prometheusText),
    ].join('');
  const delays = (pairs: readonly Pair[], sinceMs?: number): string[] =>
    text(pairs, sinceMs)
      .split('\n')
      .filter((line) => line.startsWith('delay{'));

  it('tells the last round trips in milliseconds, under both names', () => {
    const told = text([pair('icmp', [3, 0.25])]);

    assert.match(told, /\nlatency_between_nodes\{from="here",to="worker"\} 0.25\n/);
    assert.match(told, /\ndelay\{from="here",to="worker"\} 0.25\n$/);
  });

  it('tells one a node: by the first protocol, and by IPv4 where it has both', () => {
    const pairs = [
      pair('tcp', [9]),
      pair('icmp', [8], { id: 'node/worker/6', address: '2001:db8::1' }),
      pair('icmp', [7]),
    ];

    assert.deepEqual(delays(pairs), ['delay{from="here",to="worker"} 7']);
  });

  it('tells that of a pod where its node is no peer itself', () => {
    const pods = [pair('icmp', [5], { pod: 'web-0' })];

    assert.deepEqual(delays(pods), ['delay{from="here",to="worker"} 5']);
    assert.deepEqual(delays([...pods, pair('icmp', [7])]), ['delay{from="here",to="worker"} 7']);
  });

  it('leaves out what was lost or is too old, and pods of no known node', () => {
    const pairs = [pair('icmp', []), pair('icmp', [1], { pod: 'web-0', node: '' })];

    assert.equal(text(pairs), '');
    assert.equal(text([pair('icmp', [1])], 101), '');
  });

  it('lets others have their turn while it looks through many pairs', () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      pair('icmp', [1], { node: `n${index}` }),
    );
    const pieces = [
      ...ownDelayText(many, { from: 'here', sinceMs: 50, protocols: ['icmp'] }, prometheusText),
    ];

    assert.ok(pieces.findIndex((piece) => piece !== '') >= many.length);
  });
});

describe('familyText', () => {
  it('gives an exponential histogram buckets that end on powers of two', () => {
    const histogram = createHistogram();
    for (const value of [0, 2 ** -10, 0.001, 0.3, 100]) histogram.add(value);
    const text = [
      ...familyText(
        {
          name: 'kube_latency.rtt.duration',
          unit: 's',
          kind: 'histogram',
          description: 'x',
          points: [{ labels: { 'source.node': 'a"b' }, value: histogram.read() }],
        },
        prometheusText,
      ),
    ].join('');

    assert.match(text, /^# HELP kube_latency_rtt_duration_seconds x\n/);
    assert.match(text, /_bucket\{source_node="a\\"b",le="0.0009765625"\} 2\n/);
    assert.match(text, /le="0.001953125"\} 3\n/);
    assert.match(text, /le="16"\} 4\n/);
    assert.match(text, /le="\+Inf"\} 5\n/);
    assert.match(text, /_count\{source_node="a\\"b"\} 5\n$/);
  });

  it('names counters and ratios as Prometheus does', () => {
    const points = [{ labels: {}, value: 2 }];
    const common = { description: 'x', points };
    const counter = familyText(
      { ...common, name: 'a.b', unit: '{probe}', kind: 'counter' },
      prometheusText,
    );
    const ratio = familyText({ ...common, name: 'a.b', unit: '1', kind: 'gauge' }, prometheusText);

    assert.match([...counter].join(''), /\na_b_total 2\n$/);
    assert.match([...ratio].join(''), /\na_b_ratio 2\n$/);
  });
});
