import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { kubectl } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

const overlay = fileURLToPath(new URL('../../manifests/overlays/local', import.meta.url));
const ofPipeline = '--selector=app.kubernetes.io/part-of=kube-latency';
const kinds = [
  'namespaces',
  'persistentvolumes',
  'clusterroles',
  'clusterrolebindings',
  'priorityclasses',
];

describe('kubectl and manifests/overlays/local', function () {
  this.timeout(180_000);

  it('change nothing where `up` has applied it', async () => {
    const applied = await kubectl(['apply', '--kustomize', overlay]);

    assert.match(applied, /daemonset\.apps\/agent (?:configured|unchanged)/);
    for (const workload of ['daemonset/agent', 'daemonset/agent-control-plane'])
      assert.match(
        await kubectl(['--namespace', 'kube-latency-node', 'rollout', 'status', workload]),
        /successfully rolled out/,
      );
  });

  it('take everything away again', async () => {
    await kubectl(['delete', '--ignore-not-found', '--kustomize', overlay]);

    await eventually(
      async () => {
        for (const kind of kinds) {
          assert.equal(await kubectl(['get', kind, ofPipeline, '--output=name']), '', kind);
        }
      },
      { withinMs: 60_000 },
    );
  });
});
