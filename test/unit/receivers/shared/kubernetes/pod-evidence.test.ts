import assert from 'node:assert/strict';

import {
  statusSights,
  waitAttributes,
} from '../../../../../receivers/shared/kubernetes/pod-evidence.ts';

describe('waitAttributes', () => {
  it('says nothing of a pod whose start waits for nothing of its own', () => {
    assert.deepEqual(waitAttributes({ spec: { containers: [{ name: 'main' }] } }), {});
    assert.deepEqual(waitAttributes({}), {});
  });

  it('lists init containers, probes with their settings, and readiness gates', () => {
    const spec = {
      initContainers: [{ name: 'fetch' }, { name: 'proxy', startupProbe: { grpc: {} } }],
      containers: [
        {
          name: 'main',
          readinessProbe: { exec: {}, initialDelaySeconds: 5, periodSeconds: 1 },
        },
        { name: 'side', readinessProbe: { tcpSocket: {} } },
      ],
      readinessGates: [{ conditionType: 'example.com/balanced' }],
    };

    assert.deepEqual(waitAttributes({ spec }), {
      'kube_latency.pod.init_containers': 'fetch; proxy',
      'kube_latency.pod.startup_probes': 'proxy: grpc, periodSeconds 10',
      'kube_latency.pod.readiness_probes':
        'main: exec, initialDelaySeconds 5, periodSeconds 1; side: tcpSocket, periodSeconds 10',
      'kube_latency.pod.readiness_gates': 'example.com/balanced',
    });
  });
});

describe('statusSights', () => {
  it('says nothing of a pod without a status', () => {
    assert.deepEqual(statusSights({}), []);
  });

  it('tells the state of every container, init containers first', () => {
    const sights = statusSights({
      status: {
        initContainerStatuses: [
          { name: 'fetch', state: { terminated: { exitCode: 0, reason: 'Completed' } } },
        ],
        containerStatuses: [
          {
            name: 'main',
            restartCount: 2,
            state: {
              waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' },
            },
          },
          { name: 'side', state: { running: {} } },
        ],
      },
    });

    assert.deepEqual(sights, [
      {
        key: 'fetch/terminated/Completed/0',
        name: 'Container terminated',
        attributes: {
          'k8s.container.name': 'fetch',
          'k8s.container.status.state': 'terminated',
          'k8s.container.status.reason': 'Completed',
          'kube_latency.container.exit_code': 0,
          'kube_latency.container.init': true,
        },
      },
      {
        key: 'main/waiting/ImagePullBackOff/2',
        name: 'Container waiting',
        attributes: {
          'k8s.container.name': 'main',
          'k8s.container.status.state': 'waiting',
          'k8s.container.status.reason': 'ImagePullBackOff',
          'k8s.container.restart_count': 2,
          'kube_latency.status.message': 'Back-off pulling image "x"',
        },
      },
      {
        key: 'side/running//0',
        name: 'Container running',
        attributes: { 'k8s.container.name': 'side', 'k8s.container.status.state': 'running' },
      },
    ]);
  });

  it('tells why no node was found', () => {
    const placed = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' };
    const conditions = [{ ...placed, message: '0/3 nodes are available' }];

    assert.deepEqual(statusSights({ status: { conditions } }), [
      {
        key: 'Pod unschedulable/Unschedulable',
        name: 'Pod unschedulable',
        attributes: {
          'kube_latency.status.reason': 'Unschedulable',
          'kube_latency.status.message': '0/3 nodes are available',
        },
      },
    ]);
  });

  it('tells why a pod is not ready only once all its containers run', () => {
    const ready = { type: 'Ready', status: 'False', reason: 'ContainersNotReady' };
    const names = (state: object): string[] =>
      statusSights({
        status: { conditions: [ready], containerStatuses: [{ name: 'main', state }] },
      }).map(({ name }) => name);

    assert.deepEqual(names({ waiting: {} }), ['Container waiting']);
    assert.deepEqual(names({ running: {} }), ['Container running', 'Pod not ready']);
  });

  it('keeps messages short', () => {
    const message = 'x'.repeat(10_000);
    const containerStatuses = [{ name: 'main', state: { waiting: { reason: 'Bad', message } } }];

    const [sight] = statusSights({ status: { containerStatuses } });

    assert.equal(String(sight?.attributes['kube_latency.status.message']).length, 500);
  });
});
