import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { nodeSnapshot } from '../../../../../../receivers/log-tailer/sources/kubernetes/node-snapshot.ts';
import {
  createKubernetesObserver,
  type KubernetesObserver,
} from '../../../../../../receivers/log-tailer/sources/kubernetes/observer.ts';
import { podSnapshot } from '../../../../../../receivers/log-tailer/sources/kubernetes/pod-snapshot.ts';
import { atNs, nodeObject, podObject } from './objects.ts';

const anyPod = { namespace: 'default', name: '' };

function observer(pod = anyPod) {
  const inner = createKubernetesObserver({ pod });
  return {
    ...inner,
    sees: (object: object, heardAt?: number) => {
      const heardNs = heardAt === undefined ? undefined : atNs(heardAt);
      const [node, seen] = [nodeSnapshot(object), podSnapshot(object)];
      if (seen !== undefined) inner.pod(seen, heardNs);
      else if (node !== undefined) inner.node(node, heardNs);
    },
  };
}

const told = ({ evidence }: Pick<KubernetesObserver, 'evidence'>) =>
  evidence()
    .occurrences.map(({ event, atUnixNs, precisionNs, comment }) =>
      [event, Number(atUnixNs - atNs(0)) / 1e9, precisionNs / 1e9, comment].filter(
        (each) => each !== undefined,
      ),
    )
    .toSorted((a, b) => Number(a[1]) - Number(b[1]));

const why = ({ evidence }: Pick<KubernetesObserver, 'evidence'>, event: string) =>
  evidence().reports[0]?.events?.[event];

describe('what the API tells of a boot', () => {
  it('is the registration of the node, its readiness, and the life of a pod', () => {
    const kube = observer();

    kube.sees(nodeObject({ ready: { status: 'True', since: 18 } }));
    kube.sees(podObject({ name: 'web', scheduled: 12, ready: 25 }));

    assert.deepEqual(told(kube), [
      ['pod_created', 5, 1, 'default/web'],
      ['kubelet_registered', 10, 1],
      ['pod_scheduled', 12, 1, 'default/web'],
      ['node_ready', 18, 1],
      ['pod_ready', 25, 1, 'default/web'],
    ]);
  });

  it('is more exact than a second where we heard of it within that second', () => {
    const kube = observer();

    kube.sees(nodeObject({ ready: { status: 'True', since: 18 } }), 18.25);
    kube.sees(podObject({ name: 'web', scheduled: 12, ready: 25 }), 27);

    assert.deepEqual(
      told(kube).filter(([event]) => String(event).endsWith('ready')),
      [
        ['node_ready', 18, 0.25],
        ['pod_ready', 25, 1, 'default/web'],
      ],
    );
  });

  it('tells when the node became schedulable, and when its network was there, only as it watches', () => {
    const kube = observer();
    const waits = { status: 'False', since: 10, message: 'Network plugin returns error: cni' };

    kube.sees(nodeObject({ ready: waits, taints: ['NoSchedule', 'NoExecute'] }));
    kube.sees(nodeObject({ ready: { status: 'Unknown', since: 12 }, taints: ['NoSchedule'] }), 12);
    kube.sees(nodeObject({ ready: { status: 'True', since: 18 }, taints: ['NoSchedule'] }), 18.5);
    kube.sees(nodeObject({ ready: { status: 'True', since: 18 } }), 19.125);

    assert.deepEqual(told(kube).slice(-2), [
      ['network_plugin_ready', 18.5, 0.1],
      ['node_schedulable', 19.125, 0.1],
    ]);
    const late = observer();
    late.sees(nodeObject({ ready: { status: 'True', since: 18 } }));
    assert.equal(why(late, 'node_schedulable'), 'its taints were gone before the node was watched');
  });

  it('tells each time that the node became ready, once', () => {
    const kube = observer();

    for (const since of [18, 18, 600, 18])
      kube.sees(nodeObject({ ready: { status: 'True', since } }), since + 2);

    assert.deepEqual(
      told(kube).filter(([event]) => event === 'node_ready'),
      [
        ['node_ready', 18, 1],
        ['node_ready', 600, 1],
      ],
    );
  });

  it('measures the pod that was bound first, not the first of the list, nor one that every node has', () => {
    const pods = [
      podObject({ name: 'late', created: 1, scheduled: 14, ready: 20 }),
      podObject({ name: 'first', created: 5, scheduled: 12, ready: 25 }),
      podObject({ name: 'agent', created: 2, scheduled: 11, ready: 12, owner: 'DaemonSet' }),
      podObject({ name: 'etcd', created: 2, scheduled: 11, ready: 12, owner: 'Node' }),
      podObject({ name: 'pending', created: 0 }),
      podObject({ name: 'other', namespace: 'kube-system', created: 0, scheduled: 11 }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(pods, { minLength: pods.length }), (shuffled) => {
        const kube = observer();

        for (const pod of shuffled) kube.sees(pod);

        assert.deepEqual(told(kube), [
          ['pod_created', 5, 1, 'default/first'],
          ['pod_scheduled', 12, 1, 'default/first'],
          ['pod_ready', 25, 1, 'default/first'],
        ]);
      }),
    );
  });

  it('measures the pod of the chosen name, whosever it is, and pods of every namespace where none is chosen', () => {
    const named = observer({ namespace: 'default', name: 'agent' });
    const anywhere = observer({ namespace: '', name: '' });

    for (const kube of [named, anywhere]) {
      kube.sees(podObject({ name: 'agent', scheduled: 11, ready: 12, owner: 'DaemonSet' }));
      kube.sees(podObject({ name: 'dns', namespace: 'kube-system', scheduled: 13, ready: 14 }));
    }

    assert.equal(told(named).at(-1)?.at(-1), 'default/agent');
    assert.equal(told(anywhere).at(-1)?.at(-1), 'kube-system/dns');
  });

  it('keeps the first time that the pod was ready', () => {
    const kube = observer();

    for (const ready of [25, 400]) kube.sees(podObject({ name: 'web', scheduled: 12, ready }));

    assert.deepEqual(told(kube).at(-1), ['pod_ready', 25, 1, 'default/web']);
  });

  it('says why pod and node are not told of', () => {
    const kube = observer();

    assert.equal(
      why(kube, 'pod_ready'),
      'no pod of namespace default that runs not on every node was seen on the node',
    );
    kube.sees(podObject({ name: 'web', scheduled: 12 }));
    assert.equal(why(kube, 'pod_ready'), 'pod default/web is not ready');
    kube.problem({ problem: 'nodes is forbidden' });
    assert.deepEqual(kube.evidence().reports, [{ source: 'K8s', problem: 'nodes is forbidden' }]);
  });

  it('knows the machine from its node', () => {
    const kube = observer();

    kube.sees(nodeObject());

    assert.deepEqual(kube.evidence().facts, {
      name: 'worker-1',
      uid: '0f0e3a52-8a0c-4d5c-9b1c-6d1f5d7b2a11',
      bootId: 'e6f4d4b63c7c4d388f7d2f6d4b1f6a55',
      instanceId: 'i-0681ec41ddb32ba4e',
      instanceType: 'c6a.large',
      architecture: 'amd64',
      privateIp: '192.168.23.248',
      region: 'us-west-2',
      availabilityZone: 'us-west-2a',
      cloudProvider: 'aws',
      osDescription: 'Amazon Linux 2023.9.20250929',
      kernelVersion: '6.1.153',
      kubeletVersion: 'v1.35.0',
      containerRuntime: 'containerd://2.2.0',
    });
  });

  it('takes what is no node and no pod for nothing', () => {
    for (const object of [null, undefined, 7, {}, { metadata: {} }, { metadata: { name: 3 } }]) {
      assert.equal(podSnapshot(object), undefined);
      assert.equal(nodeSnapshot(object)?.createdNs, undefined);
    }
  });
});
