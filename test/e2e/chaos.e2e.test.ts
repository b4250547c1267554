import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { cluster, kubectl, probePods } from '../support/cluster.ts';
import { containersOf, signalContainer, type PipelineContainer } from '../support/components.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { restartHostComponent } from '../support/host-component.ts';
import { deployProber, removeProber, rollProber } from '../support/long-running-prober.ts';
import { probe } from '../support/probe-report.ts';
import { readSpans } from '../support/spans-file.ts';
import { prepareBackend, sendTo, type Backend } from './chaos/backend.ts';
import { killPlan } from './chaos/kill-plan.ts';
import { startLoad, type Load } from './chaos/load.ts';
import { onlyProber, strike, unharmed } from './chaos/pipeline.ts';

// `npm run chaos` asks for all of it.
const full = process.env.KUBE_LATENCY_CHAOS === 'full';
const seed = Number(process.env.KUBE_LATENCY_CHAOS_SEED ?? 1);
const kills = full ? 200 : 20;
const outage = full ? { ms: 600_000, probes: 100 } : { ms: 40_000, probes: 10 };
const probingMs = 480_000;

/** The longest back-off of a gRPC connection, and time to send. */
const afterOutageMs = 180_000;

/** Every span that the prober makes of a probe that goes well. */
const steps = [
  'pod.ready',
  'pod.schedule',
  'pod.start',
  'prober.cleanup',
  'prober.create-pod',
  'prober.first-packet',
  'prober.main',
  'prober.update-pod',
  'prober.wait-for-pod',
];

describe('the prober as a Deployment', function () {
  this.timeout(300_000);

  before(() => deployProber({ args: ['--interval=2s'] }));
  after(removeProber);

  it('tells the gateway by TLS what it probes, again after the gateway was killed', async () => {
    const { pod, restarts } = await onlyProber();
    await tells(pod, 0);
    for (const victim of await gateway()) signalContainer(victim, 'SIGKILL');
    await tells(pod, Date.now());
    assert.equal((await onlyProber()).restarts, restarts);
  });

  it('hands over to the next without a leak', async () => {
    const first = await onlyProber();
    await rollProber();
    const second = await onlyProber();
    assert.notEqual(second.pod, first.pod);
    await tells(second.pod, 0);
  });

  after('leaves no pod', async () => assert.deepEqual(await probePods(), []));
});

describe('the road', function () {
  this.timeout(420_000);
  let backend: Backend | undefined;
  let sendToViewer: (() => Promise<void>) | undefined;

  before(async () => {
    const { nodes } = await cluster();
    const [port = 0] = await freePorts(1);
    backend = await prepareBackend(nodes[0]?.address ?? '', port);
    await backend.start();
    sendToViewer = await sendTo(backend);
  });

  after(async () => {
    await sendToViewer?.();
    await backend?.remove();
  });

  describe('while pods are probed all the time', () => {
    let load: Load;

    before(async () => {
      assert.ok(backend);
      load = await startLoad(backend);
      await load.probesAgain();
    });

    after(async () => {
      await load?.stop();
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
      const { node } = await onlyProber();
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

    it('survives that its node is cordoned and its pod moved', async () => {
      const { node, pod } = await onlyProber();
      await kubectl(['cordon', node]);
      try {
        await kubectl(['--namespace', 'kube-latency', 'delete', `pod/${pod}`]);
        await unharmed(load);
        assert.notEqual((await onlyProber()).node, node);
      } finally {
        await kubectl(['uncordon', node]);
      }
    });

    it(`survives ${kills} kills of seed ${seed}`, async function () {
      this.timeout(kills * 15_000 + 420_000);
      const killed: PipelineContainer[] = [];
      for (const [nth, kill] of killPlan(seed, kills).entries()) {
        killed.push(await strike(kill));
        if (nth % 20 === 19) console.info(`      ${nth + 1} kills`);
      }
      await unharmed(load, killed);
    });
  });

  it(`delivers ${outage.probes} probes of ${outage.ms / 1000} s without a backend, although it is killed too`, async function () {
    this.timeout(outage.ms + probingMs + afterOutageMs + 120_000);
    assert.ok(backend);
    const backAtMs = Date.now() + outage.ms;
    await backend.kill();
    const { report } = await probe(
      ['--count', String(outage.probes), '--concurrency', '2', '--require-export'],
      { timeoutMs: probingMs },
    );
    assert.deepEqual(report.outcomes, { ok: outage.probes, failed: 0 });
    for (const victim of [...(await gateway()), ...(await containersOf('agent'))])
      signalContainer(victim, 'SIGKILL');
    await delay(Math.max(0, backAtMs - Date.now()));
    await backend.start();

    const { spansFile } = backend;
    const arrivals = await eventually(
      async () => {
        const found = (await readSpans(spansFile)).filter(
          ({ resource }) => resource['service.name'] === 'pod-prober',
        );
        for (const { traceId } of report.probes) {
          const names = found.filter((span) => span.traceId === traceId).map(({ name }) => name);
          assert.deepEqual([...new Set(names)].toSorted(), steps, traceId);
        }
        return found.map(({ spanId }) => spanId);
      },
      { withinMs: afterOutageMs, everyMs: 1000 },
    );
    const twice = arrivals.length - new Set(arrivals).size;
    console.info(`      ${twice} of ${arrivals.length} spans came twice`);
  });
});

async function gateway(): Promise<PipelineContainer[]> {
  return (await containersOf('gateway')).filter(({ name }) => name === 'collector');
}

/** Resolves when the trace of a probe of this pod, that began after a moment, has arrived. */
async function tells(pod: string, sinceMs: number): Promise<void> {
  const { spansFile } = await cluster();
  const sinceNs = BigInt(sinceMs) * 1_000_000n;
  await eventually(
    async () => {
      const own = (await readSpans(spansFile)).filter(
        ({ resource, startNs }) => resource['k8s.pod.name'] === pod && startNs > sinceNs,
      );
      assert.ok(own.some(({ name }) => name === 'prober.main'));
    },
    { withinMs: 120_000, everyMs: 1000 },
  );
}
