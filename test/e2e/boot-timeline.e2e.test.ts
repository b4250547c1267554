import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { nodeFolder, localPaths } from '../../local/paths.ts';
import type { ClusterState } from '../../local/state.ts';
import { bootIdOf, bootTraceId } from '../../receivers/shared/boot-trace.ts';
import { parseTimeNs } from '../../receivers/shared/rfc3339.ts';
import { cluster, kubectl, kubectlApply, kubectlDelete } from '../support/cluster.ts';
import { kubeLatency } from '../support/command.ts';
import { containersOf, signalContainer } from '../support/components.ts';
import { eventually } from '../support/eventually.ts';
import { readSpans } from '../support/spans-file.ts';

const namespace = 'boot-e2e';
const secondNs = 1_000_000_000n;
const msNs = 1_000_000n;
/** As the manifests have it for the correlators. */
const afterBootNs = 600n * secondNs;

interface Timing {
  readonly event: { readonly metric: string; readonly src: string };
  readonly timestamp: string | null;
  readonly comment: string;
}

interface Boot {
  readonly complete: boolean;
  readonly node: { readonly name: string; readonly bootId: string; readonly uid: string };
  readonly timings: readonly Timing[];
}

interface NodeObject {
  readonly metadata: { readonly uid: string; readonly creationTimestamp: string };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly lastTransitionTime: string }[];
  };
}

describe('the boot of a node, on a cluster', function () {
  this.timeout(180_000);
  let state: ClusterState;
  let folder: string;

  before(async () => {
    state = await cluster();
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-boot-'));
    await kubectlApply(objects(state));
    await kubectl([
      '--namespace',
      namespace,
      'wait',
      'pod',
      '--all',
      '--for=condition=Ready',
      '--timeout=60s',
    ]);
  });

  after(async () => {
    await kubectlDelete(objects(state));
    await rm(folder, { recursive: true });
  });

  it('is told by kube-latency boot, in the order in which it went', async () => {
    for (const { name } of state.nodes) {
      const { complete, timings } = await bootOf(name);
      const times = new Map(happened(timings).map((each) => [each.event.metric, timeOf(each)]));
      const order = [
        'conatinerd_start',
        'conatinerd_initialized',
        'kubelet_start',
        'kubelet_initialized',
        'kubelet_registered',
        'node_ready',
      ].map((metric) => times.get(metric));

      assert.equal(complete, true, name);
      assert.ok(!order.includes(undefined), `${name}: ${[...times.keys()].join(', ')}`);
      assert.deepEqual(order, order.toSorted(byTime), name);
      assert.deepEqual(
        sandbox.map((metric) => times.get(metric)).toSorted(byTime),
        sandbox.map((metric) => times.get(metric)),
        name,
      );
    }
  });

  it('ends within a second of what the API server says of node and first pod', async () => {
    for (const { name } of state.nodes) {
      const { timings } = await bootOf(name);
      const { metadata, status } = await nodeOf(name);
      const ready = status.conditions.find(({ type }) => type === 'Ready');
      const pod = await firstPodOf(timings);

      assertStamped(timings, 'kubelet_registered', metadata.creationTimestamp);
      assertStamped(timings, 'node_ready', ready?.lastTransitionTime);
      if (pod !== undefined) assertStamped(timings, 'pod_ready', pod);
    }
  });

  it('is a trace in the backend, whose spans are the parts of the timeline', async () => {
    for (const { name } of state.nodes) {
      const { node, timings } = await bootOf(name);
      const { metadata } = await nodeOf(name);
      assert.equal(node.bootId, await kernelsBoot());
      const traceId = bootTraceId(node.bootId, metadata.uid);

      const spans = await eventually(async () => {
        const found = (await readSpans(state.spansFile)).filter((each) => each.traceId === traceId);
        assert.ok(
          found.some((each) => each.name === 'node.boot'),
          `${name}: ${found.length} spans`,
        );
        return found;
      });

      const named = new Map(spans.map((each) => [each.name, each]));
      assert.equal(named.size, spans.length, `${name}: a span is told twice`);
      assert.equal(named.get('node.boot')?.resource['service.name'], 'log-tailer');
      assert.equal(named.get('node.boot')?.resource['k8s.node.name'], name);
      for (const [part, from, to] of parts) {
        const span = named.get(part);
        const at = (metric: string) => timings.find(({ event }) => event.metric === metric);
        assert.equal(span?.startNs, timeOf(at(from)), `${name} ${part}`);
        assert.equal(span.endNs, timeOf(at(to)), `${name} ${part}`);
      }
    }
  });

  it('links the start-ups of its first pods to that trace', async () => {
    for (const { name } of state.nodes) {
      const { metadata } = await nodeOf(name);
      const uid = await kubectl([
        '--namespace',
        namespace,
        'get',
        'pod',
        name,
        '--output=jsonpath={.metadata.uid}',
      ]);
      const scheduled = await conditionOf(name, 'PodScheduled');
      const isFirst = scheduled - nsOf(metadata.creationTimestamp) <= afterBootNs;

      const startUp = await eventually(async () => {
        const found = (await readSpans(state.spansFile)).find(
          (each) => each.name === 'pod.start-up' && each.attributes['k8s.pod.uid'] === uid,
        );
        assert.ok(found, `no start-up of the pod on ${name}`);
        return found;
      });

      const boot = bootTraceId(await kernelsBoot(), metadata.uid);
      assert.equal(startUp.links.includes(boot), isFirst, name);
    }
  });

  it('is known after a restart of the log tailer, and told once', async () => {
    const { name } = state.nodes.at(-1) as ClusterState['nodes'][number];
    const before = await bootOf(name);
    const tailer = async () => {
      const all = (await containersOf('agent')).filter((each) => each.name === 'log-tailer');
      const own = all.find(({ node }) => node === name);
      assert.ok(own?.ready, `no log tailer is ready on ${name}`);
      return own;
    };
    const killed = await tailer();

    signalContainer(killed, 'SIGKILL');
    await eventually(async () => assert.notEqual((await tailer()).id, killed.id));

    const after = await bootOf(name);
    const ofLogs = ({ timings }: Boot) =>
      happened(timings).filter(({ event }) => event.src === 'Messages');
    assert.deepEqual(ofLogs(after), ofLogs(before));
    // It would tell the boot once it is complete and has settled.
    await delay(4000);
    const traceId = bootTraceId(before.node.bootId, before.node.uid);
    const roots = (await readSpans(state.spansFile)).filter(
      (each) => each.traceId === traceId && each.name === 'node.boot',
    );
    assert.equal(roots.length, 1);
  });

  it('says of containers what the runtime’s spans say, to 10 ms', async function () {
    // On kind the logs lie in the nodes.
    if (state.on !== 'local') this.skip();
    const spans = (await readSpans(state.spansFile)).filter(
      ({ resource }) => resource['service.name'] === 'containerd',
    );
    const late: bigint[] = [];
    let compared = 0;
    for (const { name } of state.nodes) {
      const answers = await everyTimeOf(name);
      for (const [metric, call] of calls) {
        const own = spans.filter(
          (each) => each.resource['k8s.node.name'] === name && each.name.endsWith(`/${call}`),
        );
        const lines = answers.filter(({ event }) => event.metric === metric).map(timeOf);
        for (const span of own) {
          if (span.attributes['rpc.response.status_code'] !== 'OK') continue;
          const within = lines.filter((at) => at >= span.startNs - msNs && at <= span.endNs + msNs);
          assert.ok(within.length > 0, `${name}: no line of ${call} within its span`);
          compared++;
          late.push(span.endNs - within.reduce((a, b) => (b > a ? b : a)));
        }
      }
    }

    assert.ok(compared >= calls.length * state.nodes.length, `${compared} spans`);
    const over = late.filter((each) => each > 10n * msNs).length;
    assert.ok(over <= compared / 20, `${over} of ${compared} lines are more than 10 ms off`);
  });

  /** Every time that a call of the runtime was answered, as its log tells it. */
  async function everyTimeOf(node: string): Promise<readonly Timing[]> {
    const map = await kubectl([
      '--namespace',
      'kube-latency-node',
      'get',
      'configmaps',
      '--output=json',
    ]);
    const { items } = JSON.parse(map) as { items: { data?: Record<string, string> }[] };
    const pack = items.find(({ data }) => data?.['pack.yaml'] !== undefined)?.data?.['pack.yaml'];
    assert.ok(pack);
    await writeFile(join(folder, 'deployed.yaml'), pack);
    const every = {
      name: 'every',
      title: 'Every time',
      extends: ['./deployed.yaml'],
      evidence: 'unverified',
      events: calls.map(([metric, call, answer]) => ({
        metric,
        name: call,
        sources: ['Messages'],
        selector: 'all',
        pattern: `msg="${call} .*${answer}`,
      })),
    };
    await writeFile(join(folder, 'every.yaml'), stringify(every));
    const logs = join(nodeFolder(localPaths(process.env).clusterDir, node), 'var-log');
    const { timings } = await told([logs, '--pack', join(folder, 'every.yaml')]);
    return happened(timings);
  }
});

const sandbox = [
  'first_sandbox_start',
  'first_sandbox_ready',
  'first_container_created',
  'first_container_started',
];

/** Spans, and the events at their ends. */
const parts = [
  ['node.boot.containerd', 'conatinerd_start', 'conatinerd_initialized'],
  ['node.boot.kubelet', 'kubelet_start', 'kubelet_initialized'],
  ['node.boot.registration', 'kubelet_start', 'kubelet_registered'],
  ['node.boot.ready', 'kubelet_registered', 'node_ready'],
] as const;

/** Calls of the runtime, and how their log line of success goes on. */
const calls = [
  ['sandboxes', 'RunPodSandbox', 'returns sandbox id'],
  ['containers_created', 'CreateContainer', 'returns container id'],
  ['containers_started', 'StartContainer', 'returns successfully'],
] as const;

function told(args: readonly string[]): Promise<Boot> {
  return kubeLatency(['boot', ...args, '--output', 'json']).then(({ code, stdout, stderr }) => {
    assert.ok(code === 0 || code === 3, stderr);
    return JSON.parse(stdout) as Boot;
  });
}

/** Once it is complete. */
function bootOf(node: string): Promise<Boot> {
  return eventually(async () => {
    const boot = await told(['--node', node]);
    assert.ok(
      boot.complete,
      `${node}: ${JSON.stringify(boot.timings.map(({ event }) => event.metric))}`,
    );
    return boot;
  });
}

async function nodeOf(name: string): Promise<NodeObject> {
  return JSON.parse(await kubectl(['get', 'node', name, '--output=json'])) as NodeObject;
}

/** When the API server says that the pod was ready that ended the boot; undefined where it is gone. */
async function firstPodOf(timings: readonly Timing[]): Promise<string | undefined> {
  const { comment = '' } = timings.find(({ event }) => event.metric === 'pod_ready') ?? {};
  const [namespaceOf = '', name = ''] = comment.split('/');
  const ready = '{.status.conditions[?(@.type=="Ready")].lastTransitionTime}';
  const asked = ['get', 'pod', name, '--ignore-not-found', `--output=jsonpath=${ready}`];
  const answer = await kubectl(['--namespace', namespaceOf, ...asked]);
  return answer === '' ? undefined : answer;
}

async function conditionOf(pod: string, type: string): Promise<bigint> {
  const path = `{.status.conditions[?(@.type=="${type}")].lastTransitionTime}`;
  return nsOf(
    await kubectl(['--namespace', namespace, 'get', 'pod', pod, `--output=jsonpath=${path}`]),
  );
}

/** A time that the API server tells is cut to a whole second. */
function assertStamped(
  timings: readonly Timing[],
  metric: string,
  stamp: string | undefined,
): void {
  const at = timeOf(timings.find(({ event }) => event.metric === metric));
  const second = nsOf(stamp ?? '');
  const off = at < second ? second - at : at >= second + secondNs ? at - second - secondNs : 0n;
  assert.ok(off <= secondNs, `${metric} is ${off / msNs} ms off ${stamp}`);
}

function happened(timings: readonly Timing[]): readonly Timing[] {
  return timings.filter(({ timestamp }) => timestamp !== null);
}

function timeOf(timing: Timing | undefined): bigint {
  return nsOf(timing?.timestamp ?? '');
}

function nsOf(text: string): bigint {
  const ns = parseTimeNs(text);
  assert.ok(ns !== null, `'${text}' is no time`);
  return ns;
}

async function kernelsBoot(): Promise<string> {
  return bootIdOf(await readFile('/proc/sys/kernel/random/boot_id', 'utf8')) ?? '';
}

function byTime(a: bigint | undefined, b: bigint | undefined): number {
  return Number((a ?? 0n) - (b ?? 0n));
}

/** A namespace, and in it a pod on every node. */
function objects({ nodes, probeImage: image }: ClusterState): string {
  const pods = nodes.map(({ name }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { 'kube-latency/observe': 'true' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      nodeSelector: { 'kubernetes.io/hostname': name },
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: 'pause', image, imagePullPolicy: 'IfNotPresent' }],
    },
  }));
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...pods]
    .map((each) => stringify(each))
    .join('---\n');
}
