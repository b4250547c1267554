import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { cniConfig } from '../../../../local/cluster/cni-config.ts';
import type { ClusterSetup, Component } from '../../../../local/cluster/component.ts';
import { containerdConfig } from '../../../../local/cluster/containerd-config.ts';
import {
  apiServer,
  controllerManager,
  etcd,
  scheduler,
} from '../../../../local/cluster/control-plane.ts';
import { kubeletConfiguration } from '../../../../local/cluster/kubelet-config.ts';
import { containerd, kubelet, kubeProxy } from '../../../../local/cluster/node-components.ts';
import { pages, viewerUrl } from '../../../../local/cluster/pages.ts';
import { localPaths } from '../../../../local/paths.ts';
import { planNodes } from '../../../../local/plan.ts';
import type { Programs } from '../../../../local/programs/ensure.ts';
import { clusterPrograms } from '../../../../local/programs/tools.ts';

const paths = localPaths({ HOME: '/root' });
const nodes = planNodes(2, paths.clusterDir);
const programs = Object.fromEntries(
  clusterPrograms.map((name) => [name, `/cache/${name}`]),
) as Programs;
const setup: ClusterSetup = {
  paths,
  nodes,
  programs,
  snapshotter: 'overlayfs',
};
const [, worker] = nodes;
assert.ok(worker);
const kubeletPaths = { socket: '/s', clientCa: '/ca', cert: '/c', key: '/k', resolvConf: '/r' };

const all: Component[] = [
  pages(setup),
  etcd(setup),
  apiServer(setup),
  controllerManager(setup),
  scheduler(setup),
  ...nodes.flatMap((node) => [
    containerd(node, setup),
    kubelet(node, setup),
    kubeProxy(node, setup),
  ]),
];

function has(component: Component, flag: string): void {
  assert.ok(component.args.includes(flag), `${flag} in ${component.args.join(' ')}`);
}

describe('components', () => {
  for (const component of all)
    it(`has ${component.name} on ${component.node?.name ?? 'the host'} as a program with files in the cluster folder`, () => {
      const program = component.name === 'pages' ? process.execPath : '/cache/';
      assert.ok(component.program.startsWith(program), component.program);
      for (const path of Object.keys(component.files))
        assert.ok(path.startsWith(`${paths.clusterDir}/`), path);
      assert.ok(!component.args.some((arg) => arg.includes('undefined')), component.args.join(' '));
    });

  it('listen on no address beyond loopback and the bridge', () => {
    for (const { args, env, files } of all)
      for (const text of [...args, ...Object.values(env), ...Object.values(files)])
        assert.doesNotMatch(text, /0\.0\.0\.0:|\[::\]:/);
  });
});

describe('tracing', () => {
  it('has etcd trace only what a sampled request caused', () => {
    has(etcd(setup), '--enable-distributed-tracing=true');
    has(etcd(setup), '--distributed-tracing-address=127.0.0.1:4317');
    has(etcd(setup), '--distributed-tracing-sampling-rate=0');
  });

  it('has the API server and kubelets trace everything, to the collector of their own node', () => {
    const [text = ''] = Object.values(apiServer(setup).files);
    const tracing = { endpoint: '127.0.0.1:4317', samplingRatePerMillion: 1_000_000 };

    assert.deepEqual(parse(text), {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'TracingConfiguration',
      ...tracing,
    });
    assert.deepEqual(
      (kubeletConfiguration(worker, kubeletPaths) as { tracing: unknown }).tracing,
      tracing,
    );
  });

  it('has containerd trace what a sampled call of the kubelet causes', () => {
    const { env } = containerd(worker, setup);

    assert.equal(env['OTEL_EXPORTER_OTLP_ENDPOINT'], 'http://127.0.0.1:4317');
    assert.equal(env['OTEL_EXPORTER_OTLP_PROTOCOL'], 'grpc');
    assert.equal(env['OTEL_SERVICE_NAME'], 'containerd');
    assert.equal(env['OTEL_TRACES_SAMPLER'], 'parentbased_always_off');
  });
});

describe('pages()', () => {
  it('carries the pages of the viewer to the address that the cluster is said to have them at', () => {
    const { health, args } = pages(setup);

    assert.deepEqual(health, { kind: 'http', url: viewerUrl });
    has(pages(setup), `--port=${new URL(viewerUrl).port}`);
    assert.ok(args.includes('view'));
  });
});

describe('kubeletConfiguration()', () => {
  it('taints the control plane and no worker', () => {
    const taints = nodes.map(
      (node) =>
        (kubeletConfiguration(node, kubeletPaths) as { registerWithTaints: unknown })
          .registerWithTaints,
    );

    assert.deepEqual(taints, [
      [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
      [],
      [],
    ]);
  });

  it('keeps the containers of each node below a cgroup of its own', () => {
    const root = (kubeletConfiguration(worker, kubeletPaths) as { cgroupRoot: string }).cgroupRoot;

    assert.equal(root, worker.cgroup);
  });
});

describe('containerdConfig()', () => {
  it('names the runtime, the plugins and the image of pod sandboxes', () => {
    const text = containerdConfig(
      { runc: '/r', cniBinDir: '/b', cniConfDir: '/c', socket: '/s' },
      'native',
    );

    for (const line of [
      "BinaryName = '/r'",
      "bin_dirs = ['/b']",
      "conf_dir = '/c'",
      "address = '/s'",
      "sandbox = 'localhost/kube-latency/pause:1'",
      "snapshotter = 'native'",
    ])
      assert.ok(text.includes(`  ${line}\n`), line);
  });
});

describe('cniConfig()', () => {
  it('gives addresses from the range of the node', () => {
    const { plugins } = cniConfig(worker.podCidr) as { plugins: { ipam?: { ranges: unknown } }[] };

    assert.deepEqual(plugins[0]?.ipam?.ranges, [[{ subnet: '10.232.1.0/24' }]]);
  });
});
