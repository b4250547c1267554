import assert from 'node:assert/strict';

import { podFacts } from '../../../../../operator/controller/core/pod-facts.ts';

const running = {
  metadata: { namespace: 'a', name: 'web-1' },
  spec: { nodeName: 'n1', containers: [{ name: 'app' }] },
  status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] },
};
const sidecar = { name: 'net-prober', ports: [{ name: 'np-ping', containerPort: 9090 }] };
const volume = { name: 'net-prober-vol', configMap: { name: 'mesh' } };

describe('podFacts', () => {
  it('reads a pod that runs without a sidecar', () => {
    const [{ bare, ...facts } = assert.fail()] = podFacts(running);
    assert.deepEqual(facts, {
      namespace: 'a',
      name: 'web-1',
      node: 'n1',
      address: '10.0.0.1',
      running: true,
      sidecar: undefined,
    });
    assert.deepEqual(
      bare?.containers.map(({ name }) => name),
      ['app'],
    );
  });

  for (const [form, containers] of Object.entries({
    'a container': { containers: [{ name: 'app' }, sidecar] },
    'an init container that runs on': { containers: [], initContainers: [sidecar] },
  }))
    it(`finds a sidecar that is ${form}, whose it is, and what it reads`, () => {
      const [facts] = podFacts({
        ...running,
        metadata: {
          ...running.metadata,
          annotations: { 'probes.bigmikes.io/network-prober': 'b/mesh' },
        },
        spec: { ...running.spec, ...containers, volumes: [volume] },
      });

      assert.deepEqual(facts?.sidecar, { prober: 'b/mesh', configMap: 'mesh', port: 9090 });
    });

  it('finds what a sidecar reads that has several files', () => {
    const sources = [{ configMap: { name: 'mesh' } }, { configMap: { name: 'mesh-2' } }];
    const [facts] = podFacts({
      ...running,
      spec: {
        containers: [sidecar],
        volumes: [{ name: 'net-prober-vol', projected: { sources } }],
      },
    });

    assert.equal(facts?.sidecar?.configMap, 'mesh');
  });

  for (const [what, change] of Object.entries({
    finished: { status: { phase: 'Succeeded', podIP: '10.0.0.1' } },
    failed: { status: { phase: 'Failed', reason: 'Evicted' } },
    'being deleted': {
      metadata: { ...running.metadata, deletionTimestamp: '2026-01-05T08:00:00Z' },
    },
    'no pod': { metadata: {} },
  }))
    it(`leaves out one that is ${what}`, () => {
      assert.deepEqual(podFacts({ ...running, ...change }), []);
    });

  it('reads one that was just made, with nothing that comes later', () => {
    const [facts] = podFacts({ metadata: running.metadata });

    assert.deepEqual([facts?.address, facts?.node, facts?.running], ['', '', false]);
  });

  it('keeps of annotations those alone that injection looks at', () => {
    const annotations = { 'netprober-container-deployed': 'true', other: 'x'.repeat(1000) };
    const [facts] = podFacts({ ...running, metadata: { ...running.metadata, annotations } });

    assert.deepEqual(facts?.bare?.annotations, { 'netprober-container-deployed': 'true' });
  });

  it('keeps nothing of the kind of a pod with a sidecar', () => {
    const spec = { containers: [sidecar], volumes: [volume] };

    assert.equal(podFacts({ ...running, spec })[0]?.bare, undefined);
  });
});
