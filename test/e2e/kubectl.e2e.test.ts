import assert from 'node:assert/strict';
import { cluster, kubectl } from '../support/cluster.ts';
import { kubeLatency } from '../support/command.ts';

const busybox = 'localhost/kube-latency/busybox:1';

describe('a cluster made by kube-latency up', () => {
  before(async function () {
    this.timeout(120_000);
    const script = 'echo hello from $(hostname); httpd -f -p 8080 -h /etc';
    await kubectl(['run', 'talker', `--image=${busybox}`, '--', 'sh', '-c', script]);
    await kubectl(['expose', 'pod', 'talker', '--port=80', '--target-port=8080']);
    await kubectl(['wait', '--for=condition=Ready', 'pod/talker', '--timeout=60s']);
  });

  after(async function () {
    this.timeout(60_000);
    await kubectl(['delete', 'pod/talker', 'service/talker', '--now', '--ignore-not-found']);
  });

  it('has every node Ready, the control plane tainted', async () => {
    const nodes = (await cluster()).nodes.map(({ name }) => name);
    const listed = JSON.parse(await kubectl(['get', 'nodes', '--output=json'])) as NodeList;

    assert.deepEqual(listed.items.map((node) => node.metadata.name).toSorted(), nodes.toSorted());
    for (const { metadata, status } of listed.items)
      assert.equal(
        status.conditions.find(({ type }) => type === 'Ready')?.status,
        'True',
        metadata.name,
      );
    const tainted = listed.items.filter(({ spec }) =>
      spec.taints?.some(({ key }) => key === 'node-role.kubernetes.io/control-plane'),
    );
    assert.equal(tainted.length, 1);
  });

  it('gives a pod’s log', async () => {
    assert.equal(await kubectl(['logs', 'talker']), 'hello from talker\n');
  });

  it('runs a command in a pod, which resolves a Service by name and reaches it', async () => {
    const url = 'http://talker.default.svc.cluster.local/passwd';
    const answer = await kubectl(['exec', 'talker', '--', 'wget', '-q', '-O', '-', url]);

    assert.match(answer, /^root:/);
  }).timeout(30_000);

  it('answers `up` again with the same cluster', async () => {
    const before = await cluster();

    const up = await kubeLatency(['up', '--on', 'local']);

    assert.equal(up.code, 0, up.stderr);
    assert.deepEqual(await cluster(), before);
  }).timeout(60_000);
});

interface NodeList {
  items: {
    metadata: { name: string };
    spec: { taints?: { key: string }[] };
    status: { conditions: { type: string; status: string }[] };
  }[];
}
