import assert from 'node:assert/strict';

import {
  statusSights,
  type PodEvidenceSource,
} from '../../../../../receivers/shared/kubernetes/pod-evidence.ts';
import { podSnapshot } from '../../../../../receivers/correlator/edge/pod-object.ts';
import { podObject } from './fake-api.ts';

const key = 'tracing.k8s.io/traceparent';
const at = (second: number): string => new Date(second * 1000).toISOString();

describe('podSnapshot()', () => {
  it('reads what metadata alone tells', () => {
    const object = podObject('p', 'u', {
      annotations: { [key]: 'a context', other: 'x' },
      deletionTimestamp: at(230),
      deletionGracePeriodSeconds: 30,
    });

    assert.deepEqual(podSnapshot(object, key), {
      uid: 'u',
      namespace: 'kube-latency',
      name: 'p',
      nodeName: undefined,
      labels: { app: 'probe' },
      traceparent: 'a context',
      staticUid: undefined,
      staticSeenMs: undefined,
      createdMs: 100_000,
      deletionMs: 200_000,
      status: undefined,
    });
  });

  it('reads the status: conditions that are true, and the first start of each container', () => {
    const status = {
      phase: 'Running',
      conditions: [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: at(101) },
        { type: 'Initialized', status: 'True', lastTransitionTime: at(102) },
        { type: 'Ready', status: 'False', lastTransitionTime: at(103) },
      ],
      initContainerStatuses: [
        {
          name: 'setup',
          containerID: 'containerd://c0',
          state: { terminated: { startedAt: at(101) } },
        },
      ],
      containerStatuses: [
        {
          name: 'app',
          containerID: 'cri-o://c2',
          state: { running: { startedAt: at(110) } },
          lastState: { terminated: { startedAt: at(104) } },
        },
        { name: 'slow', containerID: '', state: { waiting: { reason: 'ContainerCreating' } } },
      ],
    };

    const spec = { nodeName: 'n1', containers: [{ name: 'app', readinessProbe: { exec: {} } }] };

    const pod = podSnapshot({ ...podObject('p', 'u'), spec, status }, key);

    assert.equal(pod?.nodeName, 'n1');
    assert.deepEqual(pod?.status, {
      phase: 'Running',
      scheduledMs: 101_000,
      initializedMs: 102_000,
      readyMs: undefined,
      containers: [
        { name: 'setup', init: true, id: 'c0', startedMs: 101_000 },
        { name: 'app', init: false, id: 'c2', startedMs: 104_000 },
        { name: 'slow', init: false, id: undefined, startedMs: undefined },
      ],
      waits: { 'kube_latency.pod.readiness_probes': 'app: exec, periodSeconds 10' },
      says: statusSights({ status } as PodEvidenceSource),
    });
    assert.deepEqual(
      pod?.status?.says.map(({ name }) => name),
      ['Container terminated', 'Container running', 'Container waiting'],
    );
  });

  it('reads both names of a static pod', () => {
    const annotations = {
      'kubernetes.io/config.mirror': 'abc',
      'kubernetes.io/config.hash': 'abc',
      'kubernetes.io/config.seen': '1970-01-01T00:01:30.5Z',
    };

    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name: 'n1' }];
    const mirror = podSnapshot(podObject('p', 'u', { annotations, ownerReferences }), key);
    const copy = podSnapshot(podObject('p', 'u', { annotations }), key);

    assert.deepEqual([mirror?.staticUid, mirror?.staticSeenMs], ['abc', 90_500]);
    assert.deepEqual([copy?.staticUid, copy?.staticSeenMs], [undefined, undefined]);
  });

  it('takes nothing else for a pod', () => {
    for (const object of [
      undefined,
      null,
      1,
      'pod',
      {},
      { metadata: {} },
      podObject('', 'u'),
      podObject('p', 'u', { creationTimestamp: 'then' }),
    ])
      assert.equal(podSnapshot(object, key), undefined);
  });
});
