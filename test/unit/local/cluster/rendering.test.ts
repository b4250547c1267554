import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { cniConfig } from '../../../../local/cluster/cni-config.ts';
import { correlator } from '../../../../local/cluster/correlator.ts';
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
import { agent, gateway, viewer } from '../../../../local/cluster/road.ts';
import { localPaths } from '../../../../local/paths.ts';
import { planNodes, type NodePlan } from '../../../../local/plan.ts';
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
  collectorConfig: '/project/collector-config',
  correlator: '/cache/correlator/main.mjs',
  snapshotter: 'overlayfs',
};
const [controlPlane, worker] = nodes;
assert.ok(controlPlane && worker);
const kubeletPaths = { socket: '/s', clientCa: '/ca', cert: '/c', key: '/k', resolvConf: '/r' };

const all: Component[] = [
  viewer(setup),
  gateway(setup),
  etcd(setup),
  apiServer(setup),
  controllerManager(setup),
  scheduler(setup),
  ...nodes.flatMap((node) => [
    agent(node, setup),
    correlator(node, setup),
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
      const program = component.name === 'correlator' ? process.execPath : '/cache/';
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

describe('agent()', () => {
  it('says which node and cluster it speaks for, and shows the gateway a certificate of its own', () => {
    const { env } = agent(worker, setup);

    assert.equal(env['K8S_NODE_NAME'], 'kube-latency-worker');
    assert.equal(env['K8S_CLUSTER_NAME'], 'kube-latency');
    assert.equal(env['GATEWAY_ENDPOINT'], '10.231.0.1:4317');
    assert.equal(env['GATEWAY_CERT_FILE'], `${paths.pki}/agent-kube-latency-worker.crt`);
  });

  it('has a queue folder for each node', () => {
    assert.equal(
      new Set(nodes.map((node) => agent(node, setup).env['STORAGE_DIR'])).size,
      nodes.length,
    );
  });

  it('is asked for its health from inside a worker, and directly on the control plane', () => {
    assert.equal(agent(worker, setup).health.kind, 'http-in-node');
    assert.equal(agent(controlPlane, setup).health.kind, 'http');
  });
});

describe('correlator()', () => {
  const rendered = (node: NodePlan): { role: readonly string[]; observed: unknown } => {
    const [text = ''] = Object.values(correlator(node, setup).files);
    return parse(text) as { role: readonly string[]; observed: unknown };
  };

  it('sees to API server and etcd on the control plane, and to its node everywhere', () => {
    assert.deepEqual(rendered(controlPlane).role, ['node', 'control-plane']);
    assert.deepEqual(rendered(worker).role, ['node']);
    assert.equal(correlator(worker, setup).env['K8S_NODE_NAME'], worker.name);
  });

  it('observes no pod that nobody asked for', () => {
    assert.deepEqual(rendered(worker).observed, [{ labels: { 'kube-latency/observe': 'true' } }]);
  });

  it('acts as an identity that may only read pods', () => {
    has(correlator(worker, setup), `--kubeconfig=${paths.pki}/kube-latency-correlator.kubeconfig`);
  });
});

describe('gateway()', () => {
  it('passes spans to where the viewer listens', () => {
    const port = gateway(setup).env['BACKEND_ENDPOINT']?.split(':')[1];

    has(viewer(setup), `--grpc=${port}`);
    assert.equal(gateway(setup).env['SPANS_FILE'], paths.spansFile);
  });

  it('lays over its configuration what the viewer needs', () => {
    const configs = gateway(setup).args.map((arg) => arg.split('/collector-config/')[1]);

    assert.deepEqual(configs, ['gateway.yaml', 'features/embedded-viewer.yaml']);
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
