import assert from 'node:assert/strict';

import {
  createHarness,
  derived,
  podTrace,
  probePod,
  request,
  shopPod,
  spanId,
  syncSpans,
  traceId,
} from './harness.ts';
import type { SpanSpec } from './otlp.ts';

const pod = probePod('p1');
const path = '/api/v1/namespaces/kube-latency/pods/p1';
const t = traceId('original');

function call(name: string): SpanSpec[] {
  const client = {
    traceId: t,
    spanId: spanId('client'),
    kind: 3,
    name: `runtime.v1.RuntimeService/${name}`,
  };
  const attributes = { 'container.id': 'c1', 'container.name': `app_p1_kube-latency_${pod.uid}_0` };
  return [
    { ...client, spanId: spanId('server'), parentId: spanId('client'), kind: 2, attributes },
    client,
  ];
}

const requests: readonly (readonly [string, string, string])[] = [
  ['POST', `${path}/binding`, 'pod.schedule'],
  ['PATCH', `${path}/status`, 'pod.ready'],
  ['GET', path, 'pod.start'],
  ['DELETE', path, 'prober.cleanup'],
  ['POST', `${path}/eviction`, 'prober.cleanup'],
  ['PATCH', path, 'prober.update-pod'],
  ['GET', `${path}/log?container=app`, 'prober.main'],
];

describe('the parent of a parentless span', () => {
  for (const [method, target, phase] of requests) {
    it(`is ${phase} for ${method} ${target.replace(path, 'pods/NAME')}`, () => {
      const harness = createHarness();
      harness.see(pod);

      harness.spans('apiserver', request(t, method, target));

      assert.equal(harness.copies()[0]?.parentId, derived(podTrace('p1'), phase));
    });
  }

  it('is prober.create-pod for the create that is found by its key, pod.start for a token', () => {
    for (const [target, phase] of [
      ['pods', 'prober.create-pod'],
      ['serviceaccounts/default/token', 'pod.start'],
    ] as const) {
      const harness = createHarness();
      harness.see(pod, 100_508);

      harness.spans('apiserver', {
        traceId: t,
        spanId: spanId('storage'),
        parentId: spanId(`${t} server span`),
        name: 'Create etcd3',
        attributes: { key: '/pods/kube-latency/p1' },
      });
      harness.spans('apiserver', request(t, 'POST', `/api/v1/namespaces/kube-latency/${target}`));

      const server = harness.copies().find((copy) => copy.kind === 2);
      assert.equal(server?.parentId, derived(podTrace('p1'), phase));
    }
  });

  it('is prober.create-pod for an apply that found no pod of the name', () => {
    const harness = createHarness();
    harness.see(pod, 100_508);

    harness.spans(
      'apiserver',
      request(t, 'PATCH', path, {
        attributes: {
          'http.target': path,
          'http.request.method': 'PATCH',
          'http.response.status_code': 201,
        },
      }),
    );

    assert.equal(harness.copies()[0]?.parentId, derived(podTrace('p1'), 'prober.create-pod'));
  });

  for (const [name, phase] of [
    ['syncPod', 'pod.start'],
    ['syncTerminatingPod', 'prober.cleanup'],
    ['syncTerminatedPod', 'prober.cleanup'],
  ] as const) {
    it(`is ${phase} for the kubelet’s ${name}, each time it is tried`, () => {
      const harness = createHarness();
      harness.see(pod);

      harness.spans('kubelet', ...syncSpans(traceId('first try'), pod, name));
      harness.spans('kubelet', ...syncSpans(traceId('second try'), pod, name));

      const roots = harness.copies().filter((copy) => copy.name === name);
      assert.deepEqual(
        roots.map((copy) => copy.parentId),
        [derived(podTrace('p1'), phase), derived(podTrace('p1'), phase)],
      );
    });
  }

  for (const [name, phase] of [
    ['RunPodSandbox', 'pod.start'],
    ['CreateContainer', 'pod.start'],
    ['StopContainer', 'prober.cleanup'],
    ['RemovePodSandbox', 'prober.cleanup'],
  ] as const) {
    it(`is ${phase} for a lone ${name}`, () => {
      const harness = createHarness();
      harness.see(pod);

      harness.spans('kubelet', ...call(name).slice(1));
      harness.spans('containerd', ...call(name).slice(0, 1));

      const client = harness.copies().find((copy) => copy.kind === 3);
      assert.equal(client?.parentId, derived(podTrace('p1'), phase));
    });
  }

  it('replaces the parent that a caller outside our components gave to a request', () => {
    const harness = createHarness();
    harness.see(pod);

    harness.spans(
      'apiserver',
      request(t, 'DELETE', path, { parentId: spanId('someone’s client') }),
    );

    assert.equal(harness.copies()[0]?.parentId, derived(podTrace('p1'), 'prober.cleanup'));
  });

  it('is the span that a foreign annotation names', () => {
    const harness = createHarness();
    const foreign = probePod('p2', {
      namespace: 'ci',
      traceparent: `00-${traceId('ci run')}-${spanId('ci step')}-01`,
    });
    harness.see(foreign);

    harness.spans('kubelet', ...syncSpans(t, foreign));

    const root = harness.copies().find((copy) => copy.name === 'syncPod');
    assert.equal(root?.traceId, traceId('ci run'));
    assert.equal(root?.parentId, spanId('ci step'));
  });

  it('is a phase span of our own making for a pod that is observed', () => {
    const harness = createHarness();
    const shop = shopPod('web');
    harness.see(shop);

    harness.spans('kubelet', ...syncSpans(t, shop));

    const root = harness.copies().find((copy) => copy.name === 'syncPod');
    assert.equal(root?.parentId, derived(String(root?.traceId), 'pod.start'));
  });
});
