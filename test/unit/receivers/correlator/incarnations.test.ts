import assert from 'node:assert/strict';

import { observedTraceId } from '../../../../receivers/correlator/core/target.ts';
import {
  copyOf,
  createHarness,
  derived,
  podTrace,
  probePod,
  request,
  shopPod,
  spanId,
  syncSpans,
  traceId,
  uid,
} from './harness.ts';
import type { SpanSpec } from './otlp.ts';

const path = '/api/v1/namespaces/kube-latency/pods/db-0';

/** Two pods that followed each other under one name: gone at 105.2 s, made anew from 105.3 s. */
const first = probePod('db-0', { uid: uid('first'), createdMs: 100_000 });
const second = probePod('db-0', {
  uid: uid('second'),
  createdMs: 105_000,
  traceparent: String(probePod('other').traceparent),
});
const [firstTrace, secondTrace] = [podTrace('db-0'), podTrace('other')];

function afterRecreation() {
  const harness = createHarness();
  harness.see(first, 100_210);
  harness.gone(first, 105_210);
  harness.see(second, 105_320);
  return harness;
}

const creation = (t: string, startMs: number) => [
  {
    traceId: t,
    spanId: spanId(`${t} storage`),
    parentId: spanId(`${t} server span`),
    name: 'Create etcd3',
    startMs: startMs + 2,
    attributes: { key: '/pods/kube-latency/db-0' },
  },
  request(t, 'POST', '/api/v1/namespaces/kube-latency/pods', { startMs, endMs: startMs + 10 }),
];

describe('pods that follow each other under one name', () => {
  for (const [startMs, expected] of [
    [100_200, firstTrace],
    [103_000, firstTrace],
    [105_320, secondTrace],
    [400_000, secondTrace],
  ] as const) {
    it(`get a request that began at ${startMs} ms as the clocks tell`, () => {
      const harness = afterRecreation();

      harness.spans(
        'apiserver',
        request(traceId('r'), 'PATCH', `${path}/status`, { startMs, endMs: startMs + 5 }),
      );

      assert.deepEqual(
        harness.copies().map((copy) => copy.traceId),
        [expected],
      );
    });
  }

  it('leave a request alone that began before either, or when neither can be told', () => {
    const harness = afterRecreation();

    for (const startMs of [90_000, 104_900])
      harness.spans(
        'apiserver',
        request(traceId(`r${startMs}`), 'GET', path, { startMs, endMs: startMs + 5 }),
      );

    harness.pass(120_000);
    assert.deepEqual(harness.copies(), []);
    assert.equal(harness.counts.dropped.ambiguous, 2);
  });

  it('get each their own creation, which then tells their requests apart to the millisecond', () => {
    const harness = afterRecreation();
    const startMs = 105_190;

    harness.spans('apiserver', request(traceId('r'), 'GET', path, { startMs, endMs: startMs + 1 }));
    const before = harness.copies();
    harness.spans('apiserver', ...creation(traceId('second creation'), 105_300));

    assert.deepEqual(before, []);
    assert.deepEqual(
      new Map(harness.copies().map((copy) => [copy.name, copy.traceId])),
      new Map([
        ['Create etcd3', secondTrace],
        ['POST /api/v1/namespaces/kube-latency/pods', secondTrace],
        [`GET ${path}`, firstTrace],
      ]),
    );
  });

  it('are not mistaken for one that came later, by a request that found none', () => {
    const harness = createHarness();
    harness.see(first, 100_210);
    harness.gone(first, 102_000);
    const missed = (name: string, startMs: number) =>
      request(traceId(name), 'GET', path, {
        startMs,
        endMs: startMs + 1,
        attributes: {
          'http.target': path,
          'http.request.method': 'GET',
          'http.response.status_code': 403,
        },
      });

    harness.spans('apiserver', missed('after the first', 104_990));
    harness.see(second, 105_320);
    harness.spans('apiserver', missed('as the second comes', 104_995));
    harness.spans('apiserver', missed('with two to choose from', 106_000));
    harness.pass(60_000);

    assert.deepEqual(
      harness.copies().map((copy) => copy.traceId),
      [firstTrace, firstTrace],
    );
    assert.equal(harness.counts.dropped.ambiguous, 1);
  });

  it('are not made by a create that was refused, whose answer says that the name is taken', () => {
    const harness = createHarness();
    harness.see(first, 100_210);
    const [storage, post] = creation(traceId('conflict'), 103_000);
    const conflict = { ...post?.attributes, 'http.response.status_code': 409 };

    harness.spans('apiserver', storage as SpanSpec, {
      ...(post as SpanSpec),
      attributes: conflict,
    });

    const server = harness.copies().find((copy) => copy.kind === 2);
    assert.equal(server?.traceId, firstTrace);
    assert.equal(server?.parentId, derived(firstTrace, 'prober.main'));
  });

  it('are told apart by uid without any clock', () => {
    const harness = afterRecreation();

    harness.spans(
      'kubelet',
      ...syncSpans(traceId('s1'), first),
      ...syncSpans(traceId('s2'), second),
    );

    const roots = harness.copies().filter((copy) => copy.name === 'syncPod');
    assert.deepEqual(
      roots.map((copy) => copy.traceId),
      [firstTrace, secondTrace],
    );
  });

  it('get nothing that began after the last of them was gone', () => {
    const harness = createHarness();
    harness.see(first, 100_210);
    harness.gone(first, 105_210);

    harness.spans(
      'apiserver',
      request(traceId('late'), 'GET', path, { startMs: 105_300, endMs: 105_301 }),
    );
    harness.pass(60_000);

    assert.deepEqual(harness.copies(), []);
  });
});

describe('pods of one name in two namespaces', () => {
  it('are different pods', () => {
    const harness = createHarness();
    const here = probePod('same');
    const there = shopPod('same', { uid: uid('there') });
    harness.see(here);
    harness.see(there);

    harness.spans(
      'apiserver',
      request(traceId('there'), 'PATCH', '/api/v1/namespaces/shop/pods/same/status'),
    );
    harness.spans(
      'apiserver',
      request(traceId('here'), 'PATCH', '/api/v1/namespaces/kube-latency/pods/same/status'),
    );

    const copies = harness.copies();
    assert.deepEqual(
      copies.map((copy) => copy.attributes['k8s.pod.uid']),
      [there.uid, here.uid],
    );
  });
});

describe('static pods', () => {
  const hash = '0123456789abcdef0123456789abcdef';
  const mirror = shopPod('static-n1', { staticUid: hash, staticSeenMs: 99_000 });

  it('are known to the kubelet and the runtime by their manifest, and to the API server by their mirror', () => {
    const harness = createHarness();
    harness.see(mirror);

    harness.spans('kubelet', ...syncSpans(traceId('sync'), { ...mirror, uid: hash }));
    harness.spans(
      'apiserver',
      request(traceId('r'), 'PATCH', '/api/v1/namespaces/shop/pods/static-n1/status'),
    );

    const copies = harness.copies();
    assert.equal(copies.length, 3);
    assert.equal(new Set(copies.map((copy) => copy.traceId)).size, 1);
  });

  it('keep their manifest while their mirror lives, whatever another pod says of itself', () => {
    const harness = createHarness();
    harness.see(mirror);
    harness.see({ ...mirror, uid: uid('impostor'), name: 'impostor' });

    harness.spans('kubelet', ...syncSpans(traceId('sync'), { ...mirror, uid: hash }));

    assert.deepEqual(
      new Set(harness.copies().map((copy) => copy.traceId)),
      new Set([observedTraceId(mirror.uid)]),
    );
  });

  it('wait for their mirror, which comes after their containers', () => {
    const harness = createHarness();

    harness.spans('kubelet', ...syncSpans(traceId('sync'), { ...mirror, uid: hash }));
    harness.see(mirror);

    assert.equal(harness.copies().length, 2);
  });
});

describe('containers of one pod', () => {
  it('are all its own: init containers, sidecars, and those that were started again', () => {
    const harness = createHarness();
    const pod = probePod('p1');
    harness.see(pod);
    const containers = ['init_0', 'sidecar_0', 'app_0', 'app_1', 'app_2'];

    for (const [index, container] of containers.entries()) {
      const [name, attempt] = container.split('_');
      harness.spans('containerd', {
        traceId: traceId(container),
        spanId: spanId(container),
        parentId: spanId('client'),
        kind: 2,
        name: 'runtime.v1.RuntimeService/CreateContainer',
        attributes: {
          'container.id': `c${index}`,
          'container.name': `${name}_p1_kube-latency_${pod.uid}_${attempt}`,
        },
      });
    }

    assert.deepEqual(
      harness.copies().map((copy) => copy.spanId),
      containers.map((container) => copyOf(podTrace('p1'), spanId(container))),
    );
  });
});
