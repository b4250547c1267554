import assert from 'node:assert/strict';

import { createHarness, podTrace, probePod, spanId, syncSpans, traceId } from './harness.ts';
import type { SpanSpec } from './otlp.ts';

/** Span names as internal/log.StartSpan of CRI-O 1.36 makes them: the name of the Go function, no attributes. */
const functions = [
  'github.com/cri-o/cri-o/server.(*Server).RunPodSandbox',
  'github.com/cri-o/cri-o/server.(*Server).runPodSandbox',
  'github.com/cri-o/cri-o/server.(*Server).networkStart',
  'github.com/cri-o/cri-o/internal/oci.(*RuntimeOCI).CreateContainer',
];

function crioSpans(t: string): SpanSpec[] {
  return functions.map((name, index) => ({
    traceId: t,
    spanId: spanId(`${t} ${index}`),
    parentId: spanId(index === 0 ? `${t} client` : `${t} ${index - 1}`),
    name,
  }));
}

describe('spans of CRI-O, which say nothing of their pod', () => {
  const pod = probePod('p1');
  const t = traceId('sync');

  it('wait for the syncPod above them, for minutes where an image is pulled', () => {
    const harness = createHarness({ waitMs: 600_000 });
    harness.see(pod);

    harness.spans('crio', ...crioSpans(t));
    harness.pass(480_000);
    harness.spans('kubelet', ...syncSpans(t, pod));
    harness.spans('crio', { ...(crioSpans(t)[0] as SpanSpec), spanId: spanId('late') });

    const copies = harness.copies();
    assert.equal(copies.length, functions.length + 3);
    assert.ok(copies.every((copy) => copy.traceId === podTrace('p1')));
  });

  it('are dropped with the polling that caused them', () => {
    const harness = createHarness();
    harness.see(pod);

    harness.spans('crio', ...crioSpans(t));
    harness.spans('kubelet', {
      traceId: t,
      spanId: spanId(`${t} client`),
      kind: 3,
      name: 'runtime.v1.RuntimeService/ContainerStatus',
    });

    assert.deepEqual(harness.copies(), []);
    assert.equal(harness.counts.dropped.no_pod, functions.length + 1);
  });
});
