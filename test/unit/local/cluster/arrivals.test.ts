import assert from 'node:assert/strict';
import { expectedSenders, senderKey, sendersOf } from '../../../../local/cluster/arrivals.ts';
import { planNodes } from '../../../../local/plan.ts';

function resource(attributes: Record<string, string>): unknown {
  return {
    resource: {
      attributes: Object.entries(attributes).map(([key, stringValue]) => ({
        key,
        value: { stringValue },
      })),
    },
  };
}

describe('expectedSenders()', () => {
  it('waits for four components of the control plane and two of every worker', () => {
    assert.deepEqual(
      expectedSenders(planNodes(1, '/state')).map(({ service, node }) =>
        senderKey(service, node.name),
      ),
      [
        'apiserver on kube-latency-control-plane',
        'etcd on kube-latency-control-plane',
        'kubelet on kube-latency-control-plane',
        'containerd on kube-latency-control-plane',
        'kubelet on kube-latency-worker',
        'containerd on kube-latency-worker',
      ],
    );
  });
});

describe('sendersOf()', () => {
  it('names the service and the node of each resource of a request', () => {
    const line = JSON.stringify({
      resourceSpans: [
        resource({ 'service.name': 'etcd', 'k8s.node.name': 'a', 'host.name': 'h' }),
        resource({ 'service.name': 'kubelet', 'k8s.node.name': 'b' }),
      ],
    });

    assert.deepEqual(sendersOf(line), ['etcd on a', 'kubelet on b']);
  });

  it('tells a resource without a name from a known one', () => {
    assert.deepEqual(sendersOf(JSON.stringify({ resourceSpans: [{}] })), ['? on ?']);
  });

  it('is empty for a request of another signal', () => {
    assert.deepEqual(sendersOf('{"resourceLogs":[]}'), []);
  });
});
