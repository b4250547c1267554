import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { renderConfig } from '../../kind/config.ts';
import type { ClusterSetup, Component } from '../../local/cluster/component.ts';
import { apiServer, etcd } from '../../local/cluster/control-plane.ts';
import { containerd, kubelet } from '../../local/cluster/node-components.ts';
import { localPaths } from '../../local/paths.ts';
import { planNodes } from '../../local/plan.ts';
import { ensureProgram, type Programs } from '../../local/programs/ensure.ts';
import { clusterPrograms } from '../../local/programs/tools.ts';
import { argumentsIn, renderKind, type RenderedNode } from './kind-config/rendered.ts';

const root = resolve(import.meta.dirname, '../..');
/** kubeadm's v1beta3 up to 1.35, v1beta4 from then on. */
const versions = {
  'v1.34.11': 'v1beta3',
  'v1.35.8': 'v1beta3',
  'v1.36.4': 'v1beta4',
  'v1.37.0': 'v1beta4',
};
const configs = ['kind/cluster.yaml', 'kind/single-node.yaml'];

/** What the cluster without an engine is made of, to compare with. */
const paths = localPaths({ HOME: '/root' });
const [controlPlane, worker] = planNodes(1, paths.clusterDir);
assert.ok(controlPlane && worker);
const setup: ClusterSetup = {
  paths,
  nodes: [controlPlane, worker],
  programs: Object.fromEntries(clusterPrograms.map((name) => [name, `/${name}`])) as Programs,
  snapshotter: 'overlayfs',
};

describe('the configurations of kind, as kind renders them', function () {
  this.timeout(120_000);
  let program = '';

  before(async () => {
    const { signal } = new AbortController();
    program = await ensureProgram('kind-render', { env: process.env, signal, progress() {} });
  });

  for (const config of configs)
    for (const [version, api] of Object.entries(versions)) {
      describe(`${config}, Kubernetes ${version}`, () => {
        let nodes: RenderedNode[] = [];

        before(async () => (nodes = await renderKind(program, config, version)));

        it(`is for kubeadm’s ${api} in all its parts`, () => {
          for (const { kubeadm } of nodes) {
            for (const kind of ['ClusterConfiguration', 'InitConfiguration', 'JoinConfiguration'])
              assert.equal(kubeadm.get(kind).apiVersion, `kubeadm.k8s.io/${api}`, kind);
            assert.deepEqual(
              [...kubeadm.values()].filter((each) => 'featureGates' in each),
              [],
            );
          }
        });

        it('gives etcd the flags of tracing that the local cluster gives it', () => {
          for (const { kubeadm } of nodes)
            assert.deepEqual(
              tracing(argumentsIn(kubeadm.get('ClusterConfiguration').etcd.local.extraArgs)),
              tracing(flagsOf(etcd(setup))),
            );
        });

        it('gives the API server the same file, through node and pod', () => {
          const own = Object.values(apiServer(setup).files)[0] ?? '';
          for (const { kubeadm } of nodes) {
            const { extraArgs, extraVolumes } = kubeadm.get('ClusterConfiguration').apiServer;
            const flag = argumentsIn(extraArgs)['tracing-config-file'];
            const volume = extraVolumes.find(
              (each: { mountPath: string }) => each.mountPath === flag,
            );
            const mount = mountOf(nodes[0], volume.hostPath);
            assert.deepEqual(parse(mount), parse(own));
          }
        });

        it('gives every kubelet the same tracing', () => {
          const [own = ''] = Object.values(kubelet(worker, setup).files);
          for (const { kubeadm, Name } of nodes)
            assert.deepEqual(
              kubeadm.get('KubeletConfiguration').tracing,
              (parse(own) as { tracing: unknown }).tracing,
              Name,
            );
        });

        it('gives every containerd the same environment', () => {
          const { PATH: _, ...own } = containerd(worker, setup).env;
          for (const node of nodes) {
            const path = '/etc/systemd/system/containerd.service.d/10-tracing.conf';
            const lines = mountOf(node, path).matchAll(/^Environment=(\w+)=(.*)$/gm);
            assert.deepEqual(
              Object.fromEntries([...lines].map(([, name, value]) => [name, value])),
              own,
              node.Name,
            );
          }
        });

        it('mounts files that are there, and opens pages on loopback alone', () => {
          for (const { Mounts, Ports } of nodes) {
            for (const { HostPath, Readonly } of Mounts)
              assert.ok(existsSync(join(root, HostPath)) && Readonly, HostPath);
            for (const { ListenAddress } of Ports) assert.equal(ListenAddress, '127.0.0.1');
          }
        });
      });
    }

  it('are the same as `up` renders them, but for paths that hold from any folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-kind-config-'));
    try {
      const text = readFileSync(join(root, 'kind/cluster.yaml'), 'utf8');
      const file = join(folder, 'cluster.yaml');
      const hostPort = (wanted: number): number => wanted + 1;
      await writeFile(file, renderConfig(text, { workers: 3, folder: root, hostPort }));

      const ours = await renderKind(program, 'kind/cluster.yaml', 'v1.37.0');
      const rendered = await renderKind(program, file, 'v1.37.0');

      assert.equal(rendered.length, 4);
      const [node, mine] = [rendered[3], ours[2]];
      assert.deepEqual(
        node?.Mounts.map(({ HostPath }) => HostPath),
        mine?.Mounts.map(({ HostPath }) => join(root, HostPath)),
      );
      assert.deepEqual(
        rendered[0]?.Ports.map(({ HostPort }) => HostPort - 1),
        ours[0]?.Ports.map(({ HostPort }) => HostPort),
      );
      // kind turns maps into lists in no order.
      const cluster = (each: RenderedNode | undefined): unknown => {
        const { apiServer: server, etcd: store } = (each as RenderedNode).kubeadm.get(
          'ClusterConfiguration',
        );
        return [
          server.extraVolumes,
          argumentsIn(server.extraArgs),
          argumentsIn(store.local.extraArgs),
        ];
      };
      assert.deepEqual(cluster(rendered[0]), cluster(ours[0]));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('differ in their workers alone', () => {
    const [cluster, single] = configs.map((config) => {
      const text = readFileSync(join(root, config), 'utf8');
      return parse(renderConfig(text, { workers: 0, folder: root, hostPort: Number }));
    });

    assert.deepEqual(single, cluster);
  });
});

/** Text of the file that is mounted at a path of a node. */
function mountOf(node: RenderedNode | undefined, path: string): string {
  const mount = node?.Mounts.find(({ ContainerPath }) => ContainerPath === path);
  assert.ok(mount, path);
  return readFileSync(join(root, mount.HostPath), 'utf8');
}

function flagsOf({ args }: Component): Record<string, string> {
  return Object.fromEntries(
    args.flatMap((arg) => {
      const [, name, value] = /^--([^=]+)=(.*)$/.exec(arg) ?? [];
      return name === undefined ? [] : [[name, value ?? '']];
    }),
  );
}

function tracing(flags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => name.includes('tracing')));
}
