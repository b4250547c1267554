import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cluster } from '../support/cluster.ts';
import {
  agentCounter,
  correlators,
  correlatorsReady,
  nodeNames,
  restartCorrelators,
  signalContainer,
} from '../support/components.ts';
import { eventually } from '../support/eventually.ts';
import { only, probe, traceOnce, type Probed } from '../support/probe-report.ts';
import { readSpans, type FileSpan } from '../support/spans-file.ts';
import { isNative } from './correlation/oracle.ts';

/** What the node's components record about every pod of their own accord. */
const originals = [
  'syncPod',
  'syncTerminatingPod',
  'syncTerminatedPod',
  'cri.sandbox.run',
  'CreateContainer',
];
const killedAtMs = [300, 1200, 2500];
const frozenAtMs = [300, 2500];

describe('a correlator that fails', function () {
  this.timeout(120_000);
  const signalAll = async (signal: NodeJS.Signals): Promise<void> => {
    for (const each of await correlators()) signalContainer(each, signal);
  };

  // Agents may have been restarted before: an exporter that met none keeps still for a while.
  before(async function () {
    this.timeout(300_000);
    const { nodes } = await cluster();
    for (const { name, role } of nodes)
      if (role === 'worker') await assertRecovered(['--node', name]);
  });

  after(correlatorsReady);

  for (const atMs of killedAtMs)
    it(`is not missed by anyone when it is killed ${atMs} ms after pods began`, async () => {
      const probed = await probeWhile(atMs, () => signalAll('SIGKILL'));

      await assertHarmless(probed);
      await correlatorsReady();
      await assertRecovered();
    });

  it('says when it stops what it has done, by rule and by reason', async () => {
    const { spansFile } = await cluster();
    const metricsFile = join(dirname(spansFile), 'metrics.jsonl');
    await assertRecovered();
    const { length: before } = await readFile(metricsFile, 'utf8');
    await restartCorrelators();

    const last = (await readFile(metricsFile, 'utf8'))
      .slice(before)
      .trimEnd()
      .split('\n')
      .filter((line) => line.includes('"correlator"'));
    for (const name of ['received', 'stitched', 'delivered', 'dropped', 'waiting'])
      assert.ok(
        last.some((line) => line.includes(`"kube_latency.correlator.spans.${name}"`)),
        name,
      );
    for (const rule of ['k8s.pod.uid', 'path', 'etcd_key'])
      assert.ok(
        last.some((line) => line.includes(`{"stringValue":"${rule}"}`)),
        rule,
      );
    for (const reason of ['no_pod', 'two_pods'])
      assert.ok(
        last.some((line) => line.includes(`{"stringValue":"${reason}"}`)),
        reason,
      );
  });

  for (const atMs of frozenAtMs)
    it(`is not missed by anyone when it is frozen ${atMs} ms after pods began, and goes on when it thaws`, async () => {
      const probed = await probeWhile(atMs, () => signalAll('SIGSTOP'));

      await assertHarmless(probed);
      await signalAll('SIGCONT');
      await correlatorsReady();
      await assertRecovered();
    });
});

/** Probes six pods at once and disturbs after a while; the senders' refusals before and after are compared. */
async function probeWhile(
  atMs: number,
  disturb: () => Promise<void>,
): Promise<{ probed: Probed; refused: number; beginNs: bigint }> {
  const beginNs = BigInt(Date.now()) * 1_000_000n;
  const before = await refusals();
  const probing = probe(['--count', '6', '--concurrency', '6']);
  await delay(atMs);
  await disturb();
  return { probed: await probing, refused: (await refusals()) - before, beginNs };
}

async function refusals(): Promise<number> {
  const taken = await agentCounter('kube-latency-worker', 'otelcol_receiver_accepted_spans');
  assert.ok(taken > 0, 'the agent counts nothing: the test does not test');
  const counts = await Promise.all(
    nodeNames().flatMap((node) =>
      ['otelcol_receiver_refused_spans', 'otelcol_receiver_failed_spans'].map((name) =>
        agentCounter(node, name),
      ),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Probes went well, their originals are whole and not doubled, and no sender was refused anything. */
async function assertHarmless({
  probed,
  refused,
  beginNs,
}: Awaited<ReturnType<typeof probeWhile>>): Promise<void> {
  const { spansFile } = await cluster();
  assert.equal(probed.finished.code, 0, probed.finished.stderr);
  assert.equal(refused, 0, 'spans refused to their senders');
  const spans = await eventually(async () => {
    const read = (await readSpans(spansFile)).filter(({ startNs }) => startNs >= beginNs);
    for (const { uid } of probed.report.probes)
      for (const name of originals)
        assert.ok(
          originalsOf(read, uid ?? '').some((span) => span.name.endsWith(name)),
          name,
        );
    return read;
  });
  const ids = spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`);
  assert.equal(new Set(ids).size, ids.length, 'spans that came twice');
}

function originalsOf(spans: readonly FileSpan[], uid: string): FileSpan[] {
  return spans.filter(
    (span) =>
      isNative(span) &&
      (span.attributes['k8s.pod.uid'] === uid ||
        ['sandbox.name', 'container.name'].some((name) =>
          String(span.attributes[name]).includes(uid),
        )),
  );
}

/** The agents come back to it by themselves, within the back-off of a connection. */
async function assertRecovered(where: readonly string[] = []): Promise<void> {
  await eventually(
    async () => {
      const { report } = await probe(where);
      await traceOnce(only(report).traceId, ({ spans }) => {
        const services = new Set(spans.map(({ service }) => service));
        for (const service of ['apiserver', 'etcd', 'kubelet', 'containerd'])
          assert.ok(services.has(service), `no spans of ${service}`);
      });
    },
    { withinMs: 100_000 },
  );
}
