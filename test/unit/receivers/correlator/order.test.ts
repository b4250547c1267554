import assert from 'node:assert/strict';

import fc from 'fast-check';

import {
  createHarness,
  probePod,
  request,
  sandboxSpans,
  spanId,
  syncSpans,
  traceId,
  type Harness,
} from './harness.ts';
import type { SpanSpec } from './otlp.ts';

const pods = [probePod('p1'), probePod('p2')] as const;
const [one, two] = pods;
const base = '/api/v1/namespaces/kube-latency/pods';

const spans: readonly (readonly [string, SpanSpec])[] = pods.flatMap((pod) => {
  const t = (what: string): string => traceId(`${pod.name} ${what}`);
  const of = (service: string, list: readonly SpanSpec[]) =>
    list.map((span) => [service, span] as const);
  return [
    ...of('kubelet', syncSpans(t('sync'), pod)),
    ...of('containerd', sandboxSpans(t('sync'), pod)),
    ...of('apiserver', [
      request(t('bind'), 'POST', `${base}/${pod.name}/binding`),
      request(t('status'), 'PATCH', `${base}/${pod.name}/status`, {
        links: [{ traceId: t('sync'), spanId: spanId('client') }],
      }),
      request(t('create'), 'POST', base),
      {
        traceId: t('create'),
        spanId: spanId(`${pod.name} storage`),
        parentId: spanId(`${t('create')} server span`),
        name: 'Create etcd3',
        startMs: 100_502,
        attributes: { key: `/pods/kube-latency/${pod.name}` },
      },
    ]),
    ...of('containerd', [
      {
        traceId: t('stop'),
        spanId: spanId(`${pod.name} stop server`),
        parentId: spanId(`${pod.name} stop`),
        kind: 2,
        name: 'runtime.v1.RuntimeService/StopPodSandbox',
        attributes: { 'sandbox.id': `sandbox-of-${pod.uid}` },
      },
    ]),
    ...of('kubelet', [
      {
        traceId: t('stop'),
        spanId: spanId(`${pod.name} stop`),
        kind: 3,
        name: 'runtime.v1.RuntimeService/StopPodSandbox',
      },
    ]),
  ];
});

const crossing: readonly (readonly [string, SpanSpec])[] = [
  ...pods.map(
    (pod) =>
      [
        'containerd',
        {
          traceId: traceId('gc'),
          spanId: spanId(`gc ${pod.name}`),
          parentId: spanId('gc'),
          name: 'RemovePodSandbox',
          attributes: { 'sandbox.id': `sandbox-of-${pod.uid}` },
        },
      ] as const,
  ),
  ['kubelet', { traceId: traceId('gc'), spanId: spanId('gc'), name: 'Containers/GarbageCollect' }],
  [
    'apiserver',
    request(
      traceId('lease'),
      'PUT',
      '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1',
    ),
  ],
];

type Step = (harness: Harness) => void;

const steps: readonly Step[] = [
  ...[...spans, ...crossing].map(
    ([service, span]): Step =>
      (harness) =>
        harness.spans(service, span),
  ),
  (harness) => harness.see(one, 100_508),
  (harness) => harness.see(two, 100_508),
];

function outcome(order: readonly Step[], pauseMs: number): string[] {
  const harness = createHarness({ watching: () => false });
  for (const step of order) {
    step(harness);
    harness.pass(pauseMs);
  }
  harness.pass(20_000);
  return harness
    .copies()
    .map((copy) => [copy.traceId, copy.spanId, copy.parentId, copy.name].join(' '))
    .toSorted();
}

describe('the copies that come out', () => {
  it('are the same in whatever order spans and pods arrive', () => {
    const expected = outcome(steps, 0);
    assert.equal(expected.length, spans.length);

    fc.assert(
      fc.property(
        fc.shuffledSubarray([...steps], { minLength: steps.length }),
        fc.constantFrom(0, 10, 200),
        (order, pauseMs) => assert.deepEqual(outcome(order, pauseMs), expected),
      ),
      { numRuns: 200 },
    );
  });
});
