import assert from 'node:assert/strict';

import {
  copyOf,
  createHarness,
  derived,
  podTrace,
  probePod,
  sandboxSpans,
  spanId,
  syncSpans,
  traceId,
} from './harness.ts';

const pod = probePod('p1');
const target = podTrace('p1');
const trace = traceId('a sync');

describe('a stitched copy', () => {
  it('keeps everything of the original but its place, and names the original', () => {
    const harness = createHarness();
    harness.see(pod);

    harness.spans('kubelet', ...syncSpans(trace, pod));

    const [client, root] = harness.copies();
    assert.deepEqual(root, {
      service: 'kubelet',
      resource: { 'service.name': 'kubelet', 'k8s.node.name': 'n1' },
      scope: 'a scope',
      traceId: target,
      spanId: copyOf(target, spanId(`${trace} sync`)),
      parentId: derived(target, 'pod.start'),
      name: 'syncPod',
      kind: 1,
      startNs: 1_000_000_000n,
      endNs: 1_001_000_000n,
      attributes: {
        'k8s.pod.uid': pod.uid,
        'k8s.pod': 'kube-latency/p1',
        'k8s.pod.name': 'p1',
        'k8s.namespace.name': 'kube-latency',
        'kube_latency.stitched': true,
        'kube_latency.original_trace_id': trace,
        'kube_latency.original_span_id': spanId(`${trace} sync`),
      },
      attributeKeys: [
        'k8s.pod.uid',
        'k8s.pod',
        'k8s.pod.name',
        'k8s.namespace.name',
        'kube_latency.original_span_id',
        'kube_latency.stitched',
        'kube_latency.original_trace_id',
      ],
      links: [{ traceId: trace, spanId: spanId(`${trace} sync`) }],
      events: ['an event'],
      status: 1,
    });
    assert.equal(client?.parentId, root?.spanId);
    assert.equal(client?.attributes['k8s.pod.uid'], pod.uid);
  });

  it('hangs below the copy of its own parent, also where another process has that one', () => {
    const harness = createHarness();
    harness.see(pod);

    harness.spans('containerd', ...sandboxSpans(trace, pod));
    harness.spans('kubelet', ...syncSpans(trace, pod));

    const copies = harness.copies();
    const ids = new Set(copies.map((copy) => copy.spanId));
    const roots = copies.filter((copy) => !ids.has(copy.parentId));
    assert.equal(copies.length, 4);
    assert.deepEqual(
      roots.map((copy) => [copy.name, copy.parentId]),
      [['syncPod', derived(target, 'pod.start')]],
    );
  });
});
