import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { clusterCgroup, maxWorkers, network, planNodes } from '../../../local/plan.ts';
import { overlap } from '../../../local/host/ranges.ts';

describe('planNodes()', () => {
  it('puts the control plane first, on the host, and names workers as kind does', () => {
    const nodes = planNodes(3, '/state');

    assert.deepEqual(
      nodes.map(({ name, role, address, podCidr, veth }) => [name, role, address, podCidr, veth]),
      [
        ['kube-latency-control-plane', 'control-plane', '10.231.0.1', '10.232.0.0/24', null],
        ['kube-latency-worker', 'worker', '10.231.0.2', '10.232.1.0/24', 'kl0w1'],
        ['kube-latency-worker2', 'worker', '10.231.0.3', '10.232.2.0/24', 'kl0w2'],
        ['kube-latency-worker3', 'worker', '10.231.0.4', '10.232.3.0/24', 'kl0w3'],
      ],
    );
  });

  it('gives every node addresses, names and folders of its own, inside the ranges of the cluster', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: maxWorkers }), (workers) => {
        const nodes = planNodes(workers, '/state');
        for (const key of ['name', 'address', 'podCidr', 'veth', 'cgroup', 'dir'] as const)
          assert.equal(new Set(nodes.map((node) => node[key])).size, workers + 1, key);
        for (const { address, podCidr, veth } of nodes) {
          assert.ok(overlap(address, network.nodeCidr));
          assert.ok(overlap(podCidr, network.podCidr));
          assert.ok((veth ?? '').length < 16, 'the kernel allows 15 characters');
        }
      }),
    );
  });

  it('keeps the cgroups of clusters in different folders apart', () => {
    assert.notEqual(clusterCgroup('/one'), clusterCgroup('/two'));
    assert.ok(
      planNodes(1, '/one').every(({ cgroup }) => cgroup.startsWith(`${clusterCgroup('/one')}/`)),
    );
  });
});
