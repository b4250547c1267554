import assert from 'node:assert/strict';

import type { Rule } from '../../../../receivers/correlator/core/evidence.ts';
import { observedTraceId } from '../../../../receivers/correlator/core/target.ts';
import {
  createHarness,
  derived,
  podTrace,
  probePod,
  request,
  sandboxSpans,
  shopPod,
  spanId,
  syncSpans,
  traceId,
  type Harness,
} from './harness.ts';
import type { SpanSpec } from './otlp.ts';

const pod = probePod('p1');
const target = podTrace('p1');
const t = traceId('original');
const path = '/api/v1/namespaces/kube-latency/pods/p1';

function etcdSpan(attributes: Record<string, string>): SpanSpec {
  const parentId = spanId(`${t} server span`);
  return { traceId: t, spanId: spanId('etcd'), parentId, kind: 1, name: 'txn', attributes };
}

interface Case {
  readonly name: string;
  readonly rule: Rule;
  readonly before?: (harness: Harness) => void;
  readonly spans: readonly (readonly [string, SpanSpec])[];
}

const cases: readonly Case[] = [
  {
    name: 'k8s.pod.uid on a span of the kubelet',
    rule: 'k8s.pod.uid',
    spans: syncSpans(t, pod).map((span) => ['kubelet', span] as const),
  },
  {
    name: 'the uid inside sandbox.name',
    rule: 'runtime_name',
    spans: sandboxSpans(t, pod).map((span) => ['containerd', span] as const),
  },
  {
    name: 'the uid inside container.name',
    rule: 'runtime_name',
    spans: [
      [
        'containerd',
        {
          traceId: t,
          spanId: spanId('create'),
          parentId: spanId('client'),
          kind: 2,
          name: 'runtime.v1.RuntimeService/CreateContainer',
          attributes: {
            'container.id': 'c1',
            'container.name': `app_p1_kube-latency_${pod.uid}_2`,
          },
        },
      ],
    ],
  },
  {
    name: 'a container id remembered from its creation',
    rule: 'runtime_id',
    before: (harness) =>
      harness.spans('containerd', {
        traceId: traceId('earlier'),
        spanId: spanId('create'),
        parentId: spanId('client'),
        name: 'runtime.v1.RuntimeService/CreateContainer',
        attributes: { 'container.id': 'c1', 'container.name': `app_p1_kube-latency_${pod.uid}_0` },
      }),
    spans: [
      [
        'kubelet',
        {
          traceId: t,
          spanId: spanId('stop'),
          kind: 3,
          name: 'runtime.v1.RuntimeService/StopContainer',
        },
      ],
      [
        'containerd',
        {
          traceId: t,
          spanId: spanId('stop server'),
          parentId: spanId('stop'),
          kind: 2,
          name: 'runtime.v1.RuntimeService/StopContainer',
          attributes: { 'container.id': 'c1' },
        },
      ],
    ],
  },
  {
    name: 'a sandbox id remembered from a syncPod that named no sandbox',
    rule: 'runtime_id',
    before: (harness) => {
      const earlier = traceId('earlier');
      harness.spans('kubelet', ...syncSpans(earlier, pod));
      harness.spans('containerd', {
        traceId: earlier,
        spanId: spanId('start'),
        parentId: spanId(`${earlier} client`),
        name: 'runtime.v1.RuntimeService/StartContainer',
        attributes: { 'sandbox.id': 's1' },
      });
    },
    spans: [
      [
        'kubelet',
        {
          traceId: t,
          spanId: spanId('stop'),
          kind: 3,
          name: 'runtime.v1.RuntimeService/StopPodSandbox',
        },
      ],
      [
        'containerd',
        {
          traceId: t,
          spanId: spanId('stop server'),
          parentId: spanId('stop'),
          kind: 2,
          name: 'runtime.v1.RuntimeService/StopPodSandbox',
          attributes: { 'sandbox.id': 's1' },
        },
      ],
    ],
  },
  {
    name: 'a link to a span of a resolved trace',
    rule: 'link',
    before: (harness) => harness.spans('kubelet', ...syncSpans(traceId('sync'), pod)),
    spans: [
      [
        'apiserver',
        request(t, 'GET', '/api/v1/namespaces/kube-latency/configmaps/settings', {
          links: [{ traceId: traceId('sync'), spanId: spanId('client') }],
        }),
      ],
    ],
  },
  {
    name: 'a link to the pod’s own trace, as of a prober without privileges',
    rule: 'link',
    spans: [
      [
        'apiserver',
        request(t, 'POST', '/api/v1/namespaces/kube-latency/pods', {
          links: [{ traceId: target, spanId: derived(target, 'prober.create-pod') }],
        }),
      ],
    ],
  },
  {
    name: 'the pod’s path in http.target',
    rule: 'path',
    spans: [['apiserver', request(t, 'PATCH', `${path}/status`)]],
  },
  {
    name: 'the pod’s name in a field selector',
    rule: 'path',
    spans: [
      [
        'apiserver',
        request(t, 'GET', '/api/v1/namespaces/kube-latency/pods?fieldSelector=metadata.name%3Dp1'),
      ],
    ],
  },
  {
    name: 'the pod’s path in the kubelet’s url.full',
    rule: 'path',
    spans: [
      [
        'kubelet',
        {
          traceId: t,
          spanId: spanId('get'),
          kind: 3,
          name: 'HTTP GET',
          startMs: 100_600,
          attributes: { 'url.full': `https://10.0.0.1:6443${path}`, 'http.request.method': 'GET' },
        },
      ],
    ],
  },
  {
    name: 'the pod’s path in the handler’s url',
    rule: 'path',
    spans: [
      [
        'apiserver',
        {
          traceId: t,
          spanId: spanId('get'),
          parentId: spanId(`${t} server span`),
          name: 'Get',
          attributes: { url: path },
          startMs: 100_600,
        },
      ],
      [
        'apiserver',
        request(t, 'POST', '/api/v1/namespaces/kube-latency/serviceaccounts/default/token'),
      ],
    ],
  },
  {
    name: 'namespace and name on the handler’s span',
    rule: 'handler',
    spans: [
      [
        'apiserver',
        {
          traceId: t,
          spanId: spanId('handler'),
          parentId: spanId(`${t} server span`),
          name: 'Create',
          attributes: { resource: 'pods', namespace: 'kube-latency', name: 'p1' },
        },
      ],
      [
        'apiserver',
        request(t, 'POST', '/api/v1/namespaces/kube-latency/serviceaccounts/default/token'),
      ],
    ],
  },
  ...[
    ['the key of the API server’s storage', 'apiserver', { key: '/pods/kube-latency/p1' }],
    [
      'the first key of an etcd transaction',
      'etcd',
      { success_first_key: '/registry/pods/kube-latency/p1' },
    ],
    [
      'the key that etcd was asked for',
      'etcd',
      { range_begin: '/registry/pods/kube-latency/p1', range_end: '' },
    ],
    ['the key that was put into etcd', 'etcd', { key: '/registry/pods/kube-latency/p1' }],
  ].map(([name, service, attributes]): Case => ({
    name: name as string,
    rule: 'etcd_key',
    spans: [
      [service as string, etcdSpan(attributes as Record<string, string>)],
      ['apiserver', request(t, 'POST', '/api/v1/namespaces/kube-latency/pods')],
    ],
  })),
];

describe('resolution of a trace to its pod', () => {
  for (const { name, rule, before, spans } of cases) {
    it(`goes by ${name}`, () => {
      const harness = createHarness();
      harness.see(pod, 100_508);
      before?.(harness);
      harness.copies();
      const { [rule]: resolvedBefore } = harness.counts.resolved;

      for (const [service, span] of spans) harness.spans(service, span);

      const copies = harness.copies();
      assert.deepEqual(
        copies.map((copy) => copy.traceId),
        spans.map(() => target),
      );
      assert.equal(harness.counts.resolved[rule], resolvedBefore + 1);
      assert.equal(harness.counts.waitingSpans, 0);
      assert.equal(harness.counts.heldBytes, 0);
    });
  }

  it('goes by the most trusted hint where there are several', () => {
    const harness = createHarness();
    const [client, root] = syncSpans(t, pod);
    harness.spans('kubelet', {
      ...(client as SpanSpec),
      attributes: { 'url.full': `https://a${path}` },
    });
    harness.spans('kubelet', root as SpanSpec);

    harness.see(pod);

    assert.equal(harness.copies().length, 2);
    assert.equal(harness.counts.resolved['k8s.pod.uid'], 1);
  });

  it('follows a link before a name, and a name where the link is about another pod', () => {
    const harness = createHarness();
    harness.see(pod, 100_508);
    harness.see(probePod('p2'), 100_508);
    const linkTo = (name: string) => [{ traceId: podTrace(name), spanId: spanId('any') }];

    harness.spans('apiserver', request(traceId('own'), 'GET', path, { links: linkTo('p1') }));
    harness.spans('apiserver', request(traceId('other'), 'GET', path, { links: linkTo('p2') }));

    assert.deepEqual(
      harness.copies().map((copy) => copy.traceId),
      [target, target],
    );
    assert.deepEqual([harness.counts.resolved.link, harness.counts.resolved.path], [1, 1]);
  });

  it('follows no link to a trace whose id anybody can work out', () => {
    const harness = createHarness();
    const shop = shopPod('web');
    harness.see(shop);

    harness.spans(
      'apiserver',
      request(t, 'GET', '/api/v1/namespaces/shop/configmaps/any', {
        links: [{ traceId: observedTraceId(shop.uid), spanId: spanId('any') }],
      }),
    );
    harness.pass(60_000);

    assert.deepEqual(harness.copies(), []);
  });

  it('follows so many links to one pod and no more', () => {
    const harness = createHarness();
    harness.see(pod);

    for (let n = 0; n < 1000; n++)
      harness.spans(
        'apiserver',
        request(traceId(`flood ${n}`), 'GET', '/api/v1/namespaces/shop/configmaps/any', {
          links: [{ traceId: target, spanId: spanId('any') }],
        }),
      );

    assert.equal(harness.copies().length, 500);
    assert.equal(harness.counts.dropped.too_many_links, 500);
  });

  it('leaves out keys of other resources, prefixes of keys, and ranges', () => {
    for (const attributes of [
      { key: '/pods/kube-latency' },
      { key: '/registry/configmaps/kube-latency/p1' },
      { key: '/registry/metrics.example.com/pods/kube-latency/p1' },
      { range_begin: '/registry/pods/kube-latency/p1', range_end: '/registry/pods/kube-latency0' },
    ]) {
      const harness = createHarness();
      harness.see(pod);

      harness.spans('etcd', etcdSpan(attributes));
      harness.spans('apiserver', request(t, 'POST', '/api/v1/namespaces/kube-latency/pods'));
      harness.pass(20_000);

      assert.deepEqual(harness.copies(), [], JSON.stringify(attributes));
    }
  });

  it('takes Events about the pod only where it is told to', () => {
    const spans = [
      etcdSpan({ key: '/registry/events/kube-latency/p1.17f0c0ffee' }),
      request(t, 'POST', '/api/v1/namespaces/kube-latency/events'),
    ];
    for (const events of [false, true]) {
      const harness = createHarness({ events });
      harness.see(pod, 100_508);

      harness.spans('etcd', spans[0] as SpanSpec);
      harness.spans('apiserver', spans[1] as SpanSpec);

      assert.equal(harness.copies().length, events ? 2 : 0);
    }
  });
});
