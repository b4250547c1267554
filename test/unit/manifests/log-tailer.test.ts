import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadConfig } from '../../../receivers/log-tailer/config.ts';
import { loadPack } from '../../../receivers/log-tailer/packs/load-pack.ts';
import { container, one, rendered, variable, workload } from './objects.ts';

const agents = ['DaemonSet agent', 'DaemonSet agent-control-plane'];

interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

for (const name of ['local', 'kind', 'everything'])
  describe(`the log tailers of manifests, ${name}`, () => {
    const objects = rendered[name]!;
    const folder = mkdtempSync(join(tmpdir(), 'kube-latency-manifests-'));
    after(() => rmSync(folder, { recursive: true }));

    /** A file of their ConfigMap. */
    function written(key: string): string {
      const { pod } = workload(objects, agents[0]!);
      const map = pod.volumes?.find((volume) => volume.name === 'log-tailer-config')?.configMap;
      const text = one(objects, 'ConfigMap', map?.name ?? '').data?.[key];
      const path = join(folder, key);
      writeFileSync(path, text ?? '');
      return path;
    }

    const config = loadConfig({ config: written('log-tailer.yaml') }, {});

    it('serve, and keep what they told on the node', () => {
      const { volumeMounts = [] } = container(workload(objects, agents[0]!), 'log-tailer');
      const state = volumeMounts.find(({ mountPath }) => mountPath === config.state);

      assert.equal(config.prometheus, true);
      assert.equal(state?.name, 'log-tailer-state');
    });

    it('have the node’s folders where their configuration looks for them, to be read alone', () => {
      for (const title of agents) {
        const { volumeMounts = [] } = container(workload(objects, title), 'log-tailer');
        const { volumes = [] } = workload(objects, title).pod;
        const below = volumeMounts.filter(({ mountPath }) =>
          mountPath.startsWith(`${config.logs.root}/`),
        );

        assert.equal(below.length, 3);
        for (const { name: volume, mountPath, readOnly } of below as readonly Mount[]) {
          const { hostPath } = volumes.find((each) => each.name === volume) as unknown as {
            readonly hostPath: { readonly path: string };
          };
          assert.equal(mountPath, `${config.logs.root}${hostPath.path}`);
          assert.equal(readOnly, true, mountPath);
        }
      }
    });

    it('have no capability', () => {
      for (const title of agents) {
        const { securityContext } = container(workload(objects, title), 'log-tailer');
        assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] });
      }
    });

    it('tell the correlator, which links the first pods of a node to its boot', () => {
      for (const title of agents) {
        const correlator = container(workload(objects, title), 'correlator');
        assert.equal(variable(correlator, 'KUBE_LATENCY_CORRELATOR_AFTER_BOOT'), '10m');
      }
    });

    if (config.logs.pack.startsWith('/'))
      it('have a pack that is sound', async () => {
        const pack = await loadPack(written('pack.yaml'), '.');

        assert.deepEqual(
          pack.events.filter(({ terminal }) => terminal).map(({ metric }) => metric),
          ['node_ready', 'pod_ready'],
        );
      });
  });
