import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { cluster, kubectl, tryKubectl } from '../support/cluster.ts';
import { lastingObjects } from '../support/cluster-objects.ts';
import { start } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { extraProgram } from '../support/extra-program.ts';
import { only, probe } from '../support/probe-report.ts';
import { rolledOut } from '../support/rollout.ts';
import { prepareBackend, type Backend } from './chaos/backend.ts';
import { readSpans } from '../support/spans-file.ts';
import { freePorts } from '../support/free-ports.ts';

const volume =
  'manifests/components/control-plane-volume/persistent-volume-kube-latency-gateway.yaml';
const release = ['kube-latency', 'manifests/chart'];

describe('the chart on a cluster', function () {
  this.timeout(240_000);
  let helm: string;
  let folder: string;
  let backend: Backend;
  let found: readonly string[];

  before(async function () {
    this.timeout(900_000);
    helm = await extraProgram('helm', this);
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-chart-'));
    const { nodes } = await cluster();
    const [port = 0] = await freePorts(1);
    backend = await prepareBackend(nodes[0]?.address ?? '', port);
    await backend.start();
    found = await lastingObjects();
    await kubectl(['apply', '--filename', volume]);
  });

  after(async () => {
    if (folder === undefined) return;
    await run(['uninstall', 'kube-latency', '--ignore-not-found', '--wait']);
    await kubectl(['delete', 'namespace', 'kube-latency', '--ignore-not-found']);
    await kubectl(['delete', '--ignore-not-found', '--filename', volume]);
    await backend.remove();
    await rm(folder, { recursive: true });
  });

  it('is installed, and all of it becomes ready', async () => {
    await install('install', {});

    for (const workload of [
      'deployment/gateway',
      'daemonset/rtt-pinger',
      'deployment/rtt-aggregator',
    ])
      await rolledOut('kube-latency', workload);
    for (const workload of ['daemonset/agent', 'daemonset/agent-control-plane'])
      await rolledOut('kube-latency-node', workload);
  });

  it('takes a probe to the backend', async () => {
    const { report } = await probe([]);

    const { traceId } = only(report);
    await eventually(
      async () => {
        const spans = await readSpans(backend.spansFile);
        assert.ok(spans.some((span) => span.traceId === traceId));
      },
      { withinMs: 60_000 },
    );
  });

  it('is upgraded, with the certificates that it made', async () => {
    const authority = await authorityOf('gateway-tls');
    assert.equal(await authorityOf('receiver-tls'), authority);

    await install('upgrade', { rtt: { enabled: false }, spanMetrics: { enabled: true } });

    await rolledOut('kube-latency', 'deployment/gateway');
    assert.equal(await authorityOf('gateway-tls'), authority);
    const gone = await tryKubectl(['--namespace=kube-latency', 'get', 'daemonset/rtt-pinger']);
    assert.match(gone.stderr, /NotFound/);
    const args = await kubectl([
      '--namespace=kube-latency',
      'get',
      'deployment/gateway',
      '--output=jsonpath={.spec.template.spec.containers[0].args}',
    ]);
    assert.match(args, /span-metrics/);
  });

  it('is removed, and nothing of it is left', async () => {
    const { code, stderr } = await run(['uninstall', 'kube-latency', '--wait']);
    assert.equal(code, 0, stderr);
    await kubectl(['delete', 'namespace', 'kube-latency']);
    await kubectl(['delete', '--filename', volume]);

    await eventually(async () => assert.deepEqual(await lastingObjects(), found), {
      withinMs: 60_000,
    });
  });

  async function install(verb: 'install' | 'upgrade', values: object): Promise<void> {
    const file = join(folder, 'values.yaml');
    await writeFile(file, stringify({ ...ofThisCluster(backend.endpoint), ...values }));
    const flags = ['--create-namespace', '--values', file];
    const { code, stderr } = await run([
      verb,
      ...release,
      ...(verb === 'install' ? flags : flags.slice(1)),
    ]);
    assert.equal(code, 0, stderr);
  }

  async function run(args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
    const { kubeconfig } = await cluster();
    const env = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, KUBECONFIG: kubeconfig };
    return start(helm, ['--namespace=kube-latency', ...args], { env, timeoutMs: 180_000 }).finished;
  }
});

/** Its images are in the nodes, and one volume is there, on the control plane's node. */
function ofThisCluster(endpoint: string): object {
  return {
    collectorImage: { repository: 'localhost/kube-latency/otelcol', tag: '0.1.0' },
    clusterName: 'kube-latency',
    // With the rights of the prober, whose certificate the command has.
    proberCertificate: { enabled: true },
    environment: { BACKEND_ENDPOINT: endpoint, BACKEND_INSECURE: 'true' },
    gateway: {
      storage: { spec: { storageClassName: '', volumeName: 'kube-latency-gateway' } },
      tolerations: [
        { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' },
      ],
    },
  };
}

function authorityOf(secret: string): Promise<string> {
  return kubectl([
    '--namespace=kube-latency',
    'get',
    `secret/${secret}`,
    '--output=jsonpath={.data.ca\\.crt}',
  ]);
}
