import assert from 'node:assert/strict';
import { statusText } from '../../../../cli/commands/status.ts';

describe('statusText', () => {
  it('shows how to reach the cluster, its nodes and its components', () => {
    const text = statusText({
      on: 'local',
      kubeconfig: '/state/kubeconfig',
      viewer: 'http://127.0.0.1:8000',
      nodes: [
        { name: 'kube-latency-control-plane', ready: true },
        { name: 'kube-latency-worker', ready: false },
      ],
      components: [
        { name: 'etcd', pid: 7, healthy: true },
        { name: 'kubelet on kube-latency-worker', pid: 1234, healthy: false },
      ],
    });

    assert.equal(
      text,
      `on          local
kubeconfig  /state/kubeconfig
pages       http://127.0.0.1:8000

NODE                        READY
kube-latency-control-plane  yes
kube-latency-worker         NO

COMPONENT                        PID  HEALTHY
etcd                               7  yes
kubelet on kube-latency-worker  1234  NO`,
    );
  });
});
