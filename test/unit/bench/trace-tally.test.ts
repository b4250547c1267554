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
const components = ['apiserver', 'etcd', 'kubelet', 'containerd'];

function probeTrace(traceId: string): TalliedSpan[] {
  const parentSpanId = `${traceId}-prober.main`;
  const span = (name: string, service: string): TalliedSpan => ({
    traceId,
    spanId: `${traceId}-${service}-${name}`,
    parentSpanId: name === 'prober.main' ? '' : parentSpanId,
    name,
    service,
  });
  const [root, ...others] = steps.map((name) => span(name, 'pod-prober'));
  assert.ok(root);
  return [
    { ...root, spanId: parentSpanId },
    ...others,
    ...components.map((service) => span('work', service)),
  ];
}

function judged(spans: readonly TalliedSpan[]): [string, string | null][] {
  const traces = createTraceTally();
  for (const span of spans) traces.add(span, 0);
  traces.settle(0, 'all');
  return [...traces.judged];
}

describe('the tally of traces', () => {
  it('misses nothing in a trace with every step and component', () => {
    assert.deepEqual(judged([...probeTrace('a'), ...probeTrace('b')]), [
      ['a', null],
      ['b', null],
    ]);
  });

  for (const missing of [...steps.slice(1), ...components])
    it(`names ${missing} where it is missing`, () => {
      const spans = probeTrace('a').filter(
        ({ name, service }) => name !== missing && service !== missing,
      );
      assert.deepEqual(judged(spans), [['a', missing]]);
    });

  it('names a missing parent', () => {
    const [root, first, ...others] = probeTrace('a');
    assert.ok(root && first);
    const spans = [root, { ...first, parentSpanId: 'gone' }, ...others];
    assert.deepEqual(judged(spans), [['a', 'a parent']]);
  });

  it('judges no trace without the root of a probe', () => {
    assert.deepEqual(judged(probeTrace('a').slice(1)), []);
  });

  it('judges what has been quiet for a minute, and waits for the rest', () => {
    const traces = createTraceTally();
    for (const span of probeTrace('a')) traces.add(span, 0);
    for (const span of probeTrace('b').slice(0, 3)) traces.add(span, 30_000);
    traces.settle(59_999, 'quiet');
    assert.equal(traces.judged.size, 0);
    traces.settle(60_000, 'quiet');
    assert.deepEqual([...traces.judged], [['a', null]]);
  });
});
