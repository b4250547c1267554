import assert from 'node:assert/strict';
import { createTraceTally, type TalliedSpan } from '../../../bench/soak/trace-tally.ts';

const steps = [
  'prober.main',
  'prober.create-pod',
  'prober.wait-for-pod',
  'pod.schedule',
  'pod.start',
  'pod.ready',
  'prober.first-packet',
  'prober.update-pod',
  'prober.cleanup',
];

function probeTrace(traceId: string): TalliedSpan[] {
  const parentSpanId = `${traceId}-prober.main`;
  const span = (name: string, service: string): TalliedSpan => ({
    traceId,
    spanId: `${traceId}-${name}`,
    parentSpanId: name === 'prober.main' ? '' : parentSpanId,
    name,
    service,
    errorType: undefined,
  });
  return [
    ...steps.map((name) => span(name, 'pod-prober')),
    ...['apiserver', 'etcd', 'kubelet', 'containerd'].map((service) => span('work', service)),
  ];
}

function tallyOf(spans: readonly TalliedSpan[]): ReturnType<typeof summary> {
  const traces = createTraceTally();
  for (const span of spans) traces.add(span, 0);
  traces.settle(0, 'all');
  return summary(traces);
}

function summary(traces: ReturnType<typeof createTraceTally>): {
  complete: number;
  incomplete: [string, number][];
  cancelled: number;
} {
  const { complete, incomplete, cancelled } = traces.tally();
  return { complete, incomplete: [...incomplete], cancelled };
}

describe('the tally of traces', () => {
  it('counts a trace with every step and component', () => {
    const expected = { complete: 2, incomplete: [], cancelled: 0 };
    assert.deepEqual(tallyOf([...probeTrace('a'), ...probeTrace('b')]), expected);
  });

  for (const missing of [...steps.slice(1), 'apiserver', 'etcd', 'kubelet', 'containerd'])
    it(`names ${missing} where it is missing`, () => {
      const spans = probeTrace('a').filter(
        ({ name, service }) => name !== missing && service !== missing,
      );
      assert.deepEqual(tallyOf(spans).incomplete, [[missing, 1]]);
    });

  it('names a missing parent', () => {
    const [root, first, ...others] = probeTrace('a') as [
      TalliedSpan,
      TalliedSpan,
      ...TalliedSpan[],
    ];
    const spans = [root, { ...first, parentSpanId: 'gone' }, ...others];
    assert.deepEqual(tallyOf(spans).incomplete, [['a parent', 1]]);
  });

  it('counts a cancelled probe apart', () => {
    const [root] = probeTrace('a') as [TalliedSpan];
    const expected = { complete: 0, incomplete: [], cancelled: 1 };
    assert.deepEqual(tallyOf([{ ...root, errorType: 'cancelled' }]), expected);
  });

  it('forgets traces that are no probe’s', () => {
    const expected = { complete: 0, incomplete: [], cancelled: 0 };
    assert.deepEqual(tallyOf(probeTrace('a').slice(1)), expected);
  });

  it('judges what has been quiet for a minute, and waits for the rest', () => {
    const traces = createTraceTally();
    for (const span of probeTrace('a')) traces.add(span, 0);
    for (const span of probeTrace('b').slice(0, 3)) traces.add(span, 30_000);
    traces.settle(59_999, 'quiet');
    assert.equal(traces.tally().complete, 0);
    traces.settle(60_000, 'quiet');
    assert.deepEqual(summary(traces), { complete: 1, incomplete: [], cancelled: 0 });
  });
});
