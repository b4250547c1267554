import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

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
  uid,
} from './harness.ts';

const t = traceId('original');

describe('the choice of pods', () => {
  it('gives an observed pod the trace id that follows from its uid', () => {
    const harness = createHarness();
    const shop = shopPod('web');
    harness.see(shop);

    harness.spans('kubelet', ...syncSpans(t, shop));

    const expected = createHash('sha256')
      .update(`kube-latency:${uid('web')}`)
      .digest('hex')
      .slice(0, 32);
    assert.equal(harness.copies()[0]?.traceId, expected);
  });

  it('does not stitch an unsampled context, nor make a trace of our own for it', () => {
    const harness = createHarness();
    const unsampled = probePod('p1', {
      traceparent: String(probePod('p1').traceparent).replace(/01$/, '00'),
    });
    harness.see(unsampled);

    harness.spans('kubelet', ...syncSpans(t, unsampled));

    assert.deepEqual(harness.copies(), []);
    assert.equal(harness.counts.dropped.unsampled, 2);
  });

  it('honours a context only where it is told to, and a prober’s only from the prober', () => {
    for (const pod of [
      probePod('elsewhere', { namespace: 'default' }),
      probePod('not labelled', { labels: {} }),
      probePod('not the root', { traceparent: `00-${podTrace('x')}-${spanId('any')}-01` }),
      probePod('no context', { traceparent: undefined }),
      probePod('not readable', { traceparent: 'garbage' }),
    ]) {
      const harness = createHarness();
      harness.see(pod);

      harness.spans('kubelet', ...syncSpans(t, pod));

      assert.deepEqual(harness.copies(), [], pod.name);
      assert.equal(harness.counts.dropped.pod_not_chosen, 2, pod.name);
    }
  });

  it('leaves the pod’s own trace alone, whether its pod is known before or after', () => {
    const pod = probePod('p1');
    const own = request(podTrace('p1'), 'POST', '/api/v1/namespaces/kube-latency/pods', {
      parentId: spanId('prober.create-pod'),
    });
    const storage = {
      traceId: podTrace('p1'),
      spanId: spanId('storage'),
      parentId: spanId(`${podTrace('p1')} server span`),
      name: 'Create etcd3',
      attributes: { key: '/pods/kube-latency/p1' },
    };
    for (const first of [true, false]) {
      const harness = createHarness();
      if (first) harness.see(pod);

      harness.spans('apiserver', storage, own);
      if (!first) harness.see(pod);
      harness.spans('apiserver', { ...own, spanId: spanId('another') });

      assert.deepEqual(harness.copies(), []);
      assert.equal(harness.counts.dropped.native, 3);
    }
  });

  it('never takes its own output in', () => {
    const harness = createHarness();
    const pod = probePod('p1');
    harness.see(pod);

    const [span] = syncSpans(t, pod);
    harness.spans('kubelet', {
      ...(span as NonNullable<typeof span>),
      attributes: { 'k8s.pod.uid': pod.uid, 'kube_latency.stitched': true },
    });
    harness.spans('correlator', { traceId: t, spanId: spanId('phase'), name: 'pod.start' });

    assert.deepEqual(harness.copies(), []);
    assert.equal(harness.counts.dropped.own_output, 2);
  });

  it('stitches no trace that touches two pods, however they are named, and counts it', () => {
    const [one, two] = [probePod('p1'), probePod('p2')];
    const create = (pod: typeof one) => ({
      traceId: traceId(`create ${pod.name}`),
      spanId: spanId(`create ${pod.name}`),
      parentId: spanId('client'),
      name: 'CreateContainer',
      attributes: {
        'container.id': `c-${pod.name}`,
        'container.name': `app_${pod.name}_kube-latency_${pod.uid}_0`,
      },
    });
    const remove = (id: string) => ({
      traceId: t,
      spanId: spanId(`remove ${id}`),
      parentId: spanId('gc'),
      name: 'RemoveContainer',
      attributes: { 'container.id': id },
    });
    const harness = createHarness();
    for (const pod of [one, two]) {
      harness.see(pod);
      harness.spans('containerd', create(pod));
    }
    harness.copies();

    harness.spans('containerd', remove('c-p1'));
    harness.pass(5000);
    harness.spans('containerd', remove('c-p2'));
    harness.spans('kubelet', {
      traceId: t,
      spanId: spanId('gc'),
      name: 'Containers/GarbageCollect',
    });
    harness.pass(60_000);

    assert.deepEqual(harness.copies(), []);
    assert.equal(harness.counts.twoPodTraces, 1);
    assert.equal(harness.counts.dropped.two_pods, 3);
  });

  it('stitches a garbage collection of one pod’s containers once it is surely whole', () => {
    const pod = probePod('p1');
    const harness = createHarness();
    harness.see(pod);
    harness.spans('containerd', {
      traceId: traceId('create'),
      spanId: spanId('create'),
      parentId: spanId('client'),
      name: 'CreateContainer',
      attributes: { 'container.id': 'c1', 'container.name': `app_p1_kube-latency_${pod.uid}_0` },
    });
    harness.copies();

    harness.spans('kubelet', {
      traceId: t,
      spanId: spanId('gc'),
      name: 'Containers/GarbageCollect',
    });
    harness.spans('containerd', {
      traceId: t,
      spanId: spanId('remove'),
      parentId: spanId('gc'),
      name: 'RemoveContainer',
      attributes: { 'container.id': 'c1' },
    });
    const early = harness.copies();
    harness.pass(15_000);

    assert.deepEqual(early, []);
    assert.equal(harness.copies().length, 2);
  });

  it('stitches no part of a trace before the span that is all of it has come, be it minutes late', () => {
    const pods = [probePod('p1'), probePod('p2')];
    const harness = createHarness();
    for (const pod of pods) {
      harness.see(pod);
      harness.spans('containerd', {
        traceId: traceId(`create ${pod.name}`),
        spanId: spanId(`create ${pod.name}`),
        parentId: spanId('client'),
        name: 'CreateContainer',
        attributes: {
          'container.id': `c-${pod.name}`,
          'container.name': `app_${pod.name}_kube-latency_${pod.uid}_0`,
        },
      });
    }
    harness.copies();

    for (const { name } of pods) {
      harness.spans('containerd', {
        traceId: t,
        spanId: spanId(`remove ${name}`),
        parentId: spanId('gc'),
        name: 'RemoveContainer',
        attributes: { 'container.id': `c-${name}` },
      });
      harness.pass(100_000);
    }

    assert.deepEqual(harness.copies(), []);
    assert.equal(harness.counts.twoPodTraces, 1);
  });

  it('remembers a trace of two pods through any noise', () => {
    const [one, two] = [probePod('p1'), probePod('p2')];
    const harness = createHarness({ maxTraces: 100 });
    harness.see(one);
    harness.see(two);
    const both = traceId('both');
    harness.spans('kubelet', ...syncSpans(both, one), ...syncSpans(both, two));
    for (let n = 0; n < 1000; n++)
      harness.spans('apiserver', request(traceId(`noise ${n}`), 'GET', '/api/v1/nodes/n1'));

    harness.spans('kubelet', ...syncSpans(both, two));

    assert.deepEqual(harness.copies(), []);
    assert.equal(harness.counts.dropped.two_pods, 6);
    assert.equal(harness.counts.dropped.no_pod, 1000);
  });

  it('does not stitch a garbage collection that removes a container nobody told us of', () => {
    const pod = probePod('p1');
    const harness = createHarness();
    harness.see({
      ...pod,
      status: {
        phase: 'Running',
        scheduledMs: 0,
        initializedMs: 0,
        readyMs: undefined,
        containers: [{ name: 'app', init: false, id: 'c1', startedMs: 0 }],
        waits: {},
        says: [],
      },
    });

    harness.spans('kubelet', {
      traceId: t,
      spanId: spanId('gc'),
      name: 'Containers/GarbageCollect',
    });
    for (const id of ['c1', 'unheard-of'])
      harness.spans('containerd', {
        traceId: t,
        spanId: spanId(`remove ${id}`),
        parentId: spanId('gc'),
        name: 'RemoveContainer',
        attributes: { 'container.id': id },
      });
    harness.pass(60_000);

    assert.deepEqual(harness.copies(), []);
  });

  it('stitches no delete of a collection that meets two pods', () => {
    const harness = createHarness();
    for (const name of ['p1', 'p2']) harness.see(probePod(name));

    for (const name of ['p1', 'p2'])
      harness.spans('etcd', {
        traceId: t,
        spanId: spanId(name),
        parentId: spanId(`${t} server span`),
        name: 'txn',
        attributes: { success_first_key: `/registry/pods/kube-latency/${name}` },
      });
    harness.spans('apiserver', request(t, 'DELETE', '/api/v1/namespaces/kube-latency/pods'));
    harness.pass(60_000);

    assert.deepEqual(harness.copies(), []);
    assert.equal(harness.counts.twoPodTraces, 1);
  });

  it('pauses stitching of an observed pod after it was ready, until its end', () => {
    const harness = createHarness();
    const ready = {
      phase: 'Running',
      scheduledMs: 100_000,
      initializedMs: 100_000,
      readyMs: 105_000,
      containers: [],
      waits: {},
      says: [],
    };
    const shop = shopPod('web', { status: ready });
    harness.see(shop, 105_100);
    const sync = (name: string, startMs: number): void =>
      harness.spans(
        'kubelet',
        ...syncSpans(traceId(name), shop).map((span) => ({ ...span, startMs, endMs: startMs + 1 })),
      );

    sync('at the start', 104_000);
    sync('soon after', 114_000);
    sync('in its life', 200_000);
    harness.see({ ...shop, deletionMs: 300_000 }, 300_010);
    sync('at its end', 300_020);

    const roots = harness.copies().filter((copy) => copy.name === 'syncPod');
    assert.deepEqual(
      roots.map((copy) => Number(copy.startNs / 1_000_000n)),
      [104_000, 114_000, 300_020],
    );
    assert.equal(harness.counts.dropped.outside_window, 2);
  });

  const running = (readyMs: number | undefined) => ({
    phase: 'Running',
    scheduledMs: 100_000,
    initializedMs: 100_000,
    readyMs,
    containers: [],
    waits: {},
    says: [],
  });

  it('leaves out what runs inside an observed pod’s first sync long after it is ready, as its probes do', () => {
    const harness = createHarness();
    const shop = shopPod('web', { status: running(105_000) });
    harness.see(shop, 105_100);
    harness.spans('kubelet', ...syncSpans(t, shop).map((span) => ({ ...span, startMs: 101_000 })));

    for (const startMs of [110_000, 200_000])
      harness.spans('containerd', {
        traceId: t,
        spanId: spanId(`exec ${startMs}`),
        parentId: spanId(`${t} client`),
        name: 'ExecSync',
        startMs,
      });

    assert.equal(harness.copies().filter(({ name }) => name === 'ExecSync').length, 1);
    assert.equal(harness.counts.dropped.outside_window, 1);
  });

  it('ends the start of an observed pod that is never ready when it is given up', () => {
    const harness = createHarness({ giveUpMs: 60_000, afterReadyMs: 10_000 });
    const shop = shopPod('web', { status: running(undefined) });
    harness.see(shop, 100_100);

    for (const startMs of [165_000, 180_000])
      harness.spans(
        'kubelet',
        ...syncSpans(traceId(`${startMs}`), shop).map((span) => ({ ...span, startMs })),
      );

    assert.equal(harness.copies().length, 2);
    assert.equal(harness.counts.dropped.outside_window, 2);
  });

  it('puts all of an observed pod’s end below its end, and waits for what tells that it has come', () => {
    const harness = createHarness();
    const shop = shopPod('web', { status: running(105_000) });
    harness.see(shop, 105_100);
    const path = '/api/v1/namespaces/shop/pods/web';
    const ask = (name: string, method: string, target: string, startMs: number): void =>
      harness.spans(
        'apiserver',
        request(traceId(name), method, target, { startMs, endMs: startMs + 20 }),
      );

    ask('delete', 'DELETE', path, 300_100);
    const early = harness.copies();
    harness.see({ ...shop, deletionMs: 300_000 }, 300_110);
    ask('status', 'PATCH', `${path}/status`, 300_500);
    ask('finalizers', 'PATCH', path, 300_600);

    assert.deepEqual(early, []);
    const copies = harness.copies();
    assert.deepEqual(
      copies.map((copy) => copy.parentId),
      copies.map((copy) => derived(copy.traceId, 'pod.terminate')),
    );
    assert.equal(copies.length, 3);
  });

  it('gives a name that nobody knows little time while the pods are watched, more while they are not', () => {
    let watching = true;
    const harness = createHarness({ watching: () => watching });
    const ask = (name: string): void =>
      harness.spans(
        'apiserver',
        request(traceId(name), 'GET', `/api/v1/namespaces/kube-latency/pods/${name}`),
      );

    ask('unheard-of');
    harness.pass(5000);
    const { pod_not_chosen: notChosen } = harness.counts.dropped;
    watching = false;
    ask('not-heard-of-yet');
    harness.pass(20_000);
    harness.see(probePod('not-heard-of-yet'));
    ask('never-heard-of');
    harness.pass(30_000);

    assert.equal(notChosen, 1);
    assert.equal(harness.copies().length, 1);
    assert.equal(harness.counts.dropped.unresolved, 1);
  });

  it('drops polling and requests about no pod at once', () => {
    const harness = createHarness();

    harness.spans('kubelet', {
      traceId: t,
      spanId: spanId('list'),
      kind: 3,
      name: 'runtime.v1.RuntimeService/ListContainers',
    });
    harness.spans('containerd', {
      traceId: t,
      spanId: spanId('list server'),
      parentId: spanId('list'),
      kind: 2,
      name: 'runtime.v1.RuntimeService/ListContainers',
    });
    harness.spans(
      'apiserver',
      request(
        traceId('lease'),
        'PUT',
        '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1',
      ),
    );

    assert.equal(harness.counts.dropped.no_pod, 3);
    assert.equal(harness.counts.waitingSpans, 0);
  });
});
