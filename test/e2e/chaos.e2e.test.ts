import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { cluster, kubectl, probePods } from '../support/cluster.ts';
import {
  containersOf,
  correlators,
  nodeNames,
  signalContainer,
  type PipelineContainer,
} from '../support/components.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { restartHostComponent } from '../support/host-component.ts';
import { deployProber, removeProber, rollProber } from '../support/long-running-prober.ts';
import { probe } from '../support/probe-report.ts';
import { readSpans } from '../support/spans-file.ts';
import { prepareBackend, sendTo, sendToViewerAgain, type Backend } from './chaos/backend.ts';
import { killPlan, type Kill } from './chaos/kill-plan.ts';
import { startLoad, type Load } from './chaos/load.ts';

// `npm run chaos` asks for all of it.
const full = process.env.KUBE_LATENCY_CHAOS === 'full';
const seed = Number(process.env.KUBE_LATENCY_CHAOS_SEED ?? 1);
const kills = full ? 200 : 20;
const outage = full ? { ms: 600_000, probes: 100 } : { ms: 40_000, probes: 10 };

/** The longest back-off of a gRPC connection, and time to send. */
const afterOutageMs = 180_000;

describe('the prober as a Deployment', function () {
  this.timeout(180_000);

  after(removeProber);

  it('runs as its component says, tells the gateway by TLS, and hands over to the next without a leak', async () => {
    const { spansFile } = await cluster();
    const arrived = async (instance: string): Promise<void> => {
      const spans = await readSpans(spansFile);
      const own = spans.filter(({ resource }) => resource['k8s.pod.name'] === instance);
      assert.ok(own.some(({ name }) => name === 'prober.main'));
    };
    await deployProber();
    const first = await only('pod-prober');
    await eventually(() => arrived(first.pod));
    await rollProber();
    const second = await only('pod-prober');
    assert.notEqual(second.pod, first.pod);
    await eventually(() => arrived(second.pod));
    await removeProber();
    assert.deepEqual(await probePods(), []);
  });
});

describe('while pods are probed all the time', function () {
  this.timeout(300_000);
  let load: Load;

  before(async () => {
    load = await startLoad();
    await load.probesAgain();
  });

  after(async () => {
    await load.stop();
    const { acknowledged, twice, refused, probes } = load.figures();
    console.info(
      `      ${probes.ok} probes ok, ${probes.failed} failed; ` +
        `${acknowledged} spans acknowledged, ${twice} came twice; ${refused} requests refused`,
    );
  });

  it('survives an API server that is killed and comes back after 5 s', async () => {
    await restartHostComponent({ component: 'kube-apiserver', node: null }, 5000);
    await unharmed(load);
  });

  it('survives a kubelet that is killed and comes back after 5 s', async () => {
    const { node } = await only('pod-prober');
    await restartHostComponent({ component: 'kubelet', node }, 5000);
    await unharmed(load);
  });

  it('survives agents that are rolled', async () => {
    const sets = ['daemonset/agent', 'daemonset/agent-control-plane'];
    const inNamespace = ['--namespace', 'kube-latency-node', 'rollout'];
    for (const set of sets) await kubectl([...inNamespace, 'restart', set]);
    for (const set of sets) await kubectl([...inNamespace, 'status', set, '--timeout=120s']);
    await unharmed(load);
  });

  it('survives its own node being cordoned and its pod moved', async () => {
    const { node, pod } = await only('pod-prober');
    await kubectl(['cordon', node]);
    try {
      await kubectl(['--namespace', 'kube-latency', 'delete', `pod/${pod}`]);
      await unharmed(load);
      assert.notEqual((await only('pod-prober')).node, node);
    } finally {
      await kubectl(['uncordon', node]);
    }
  });

  it(`survives ${kills} kills of seed ${seed}`, async function () {
    this.timeout(kills * 15_000 + 300_000);
    const before = await restarts();
    for (const [nth, kill] of killPlan(seed, kills).entries()) {
      await strike(kill);
      if (nth % 20 === 19) console.info(`      ${nth + 1} kills`);
    }
    await unharmed(load);
    assert.ok((await restarts()) - before >= kills);
  });
});

describe('a backend that is away', function () {
  this.timeout(outage.ms + afterOutageMs + 300_000);
  let backend: Backend;

  before(async () => {
    const { nodes } = await cluster();
    const [port = 0] = await freePorts(1);
    backend = await prepareBackend(nodes[0]?.address ?? '', port);
    await backend.start();
    await sendTo(backend);
  });

  after(async () => {
    await sendToViewerAgain();
    await backend.remove();
  });

  it(`for ${outage.ms / 1000} s has all spans of ${outage.probes} probes afterwards`, async () => {
    const backAtMs = Date.now() + outage.ms;
    await backend.kill();
    const { report } = await probe(
      ['--count', String(outage.probes), '--concurrency', '2', '--require-export'],
      { timeoutMs: outage.ms },
    );
    assert.deepEqual(report.outcomes, { ok: outage.probes, failed: 0 });
    await delay(Math.max(0, backAtMs - Date.now()));
    await backend.start();

    const traceIds = new Set(report.probes.map(({ traceId }) => traceId));
    const { spansFile } = await cluster();
    const told = (await readSpans(spansFile))
      .filter(({ traceId }) => traceIds.has(traceId))
      .filter(({ resource }) => resource['service.name'] === 'pod-prober');
    assert.ok(told.length >= 9 * outage.probes, `${told.length} spans`);
    const ids = await eventually(
      async () => {
        const found = await backend.spanIds();
        const missing = new Set(told.map(({ spanId }) => spanId)).difference(new Set(found));
        assert.equal(missing.size, 0, `${missing.size} of ${told.length} have not come`);
        return found;
      },
      { withinMs: afterOutageMs, everyMs: 1000 },
    );
    console.info(`      ${ids.length - new Set(ids).size} of ${ids.length} spans came twice`);
  });
});

/** The only container of the long-running prober. */
async function only(name: 'pod-prober'): Promise<PipelineContainer> {
  const [container, ...others] = await containersOf(name);
  assert.ok(container && others.length === 0, `${others.length + 1} containers`);
  return container;
}

async function strike({ victim, which, pauseMs }: Kill): Promise<void> {
  await delay(pauseMs);
  await eventually(
    async () => {
      const found = await victims(victim);
      const chosen = found[which % found.length];
      assert.ok(chosen);
      signalContainer(chosen, 'SIGKILL');
    },
    { withinMs: 60_000 },
  );
}

async function victims(victim: Kill['victim']): Promise<PipelineContainer[]> {
  if (victim === 'correlator') return correlators();
  return (await containersOf(victim)).filter(
    ({ name }) => name !== 'correlator' && name !== 'viewer',
  );
}

async function everyContainer(): Promise<PipelineContainer[]> {
  const names = ['agent', 'gateway', 'pod-prober'] as const;
  return (await Promise.all(names.map((name) => containersOf(name)))).flat();
}

async function restarts(): Promise<number> {
  return (await everyContainer()).reduce((sum, container) => sum + container.restarts, 0);
}

/** Everything runs, pods are probed, none of before is left, and nothing that was acknowledged is lost. */
async function unharmed(load: Load): Promise<void> {
  const before = new Set(await probePods());
  await load.probesAgain();
  await eventually(
    async () => {
      const left = (await probePods()).filter((pod) => before.has(pod));
      assert.deepEqual(left, [], 'leaked');
      const containers = await everyContainer();
      const waiting = containers
        .filter(({ ready }) => !ready)
        .map(({ pod, name }) => `${pod} ${name}`);
      assert.deepEqual(waiting, [], 'not ready');
      assert.equal(containers.length, 2 * nodeNames().length + 3);
    },
    { withinMs: 120_000 },
  );
  await load.nothingLost();
}
