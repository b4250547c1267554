import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { observedTraceId } from '../../receivers/correlator/core/target.ts';
import { cluster, kubectl } from '../support/cluster.ts';
import type { Running } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { extraProgram } from '../support/extra-program.ts';
import { freePorts } from '../support/free-ports.ts';
import { only, probe } from '../support/probe-report.ts';
import { readSpans } from '../support/spans-file.ts';
import { readLogs, readPoints, type FileLog } from '../support/telemetry-file.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import { jsonSender } from './collector-config/json-sender.ts';
import { lacksStatistics } from './collector-config/kubelet-stand-in.ts';
import { copiedId, syncPod } from './collector-config/sync-pod-spans.ts';
import { createAccount, type Account } from './collector-presets/account.ts';
import { agentPodLog, removeAgentPod, runAgentPod } from './collector-presets/agent-pod.ts';
import {
  createTalkers,
  namespace,
  removeTalkers,
  target,
  type Talker,
} from './collector-presets/talkers.ts';

const rights = fileURLToPath(new URL('../../collector-config/rights.yaml', import.meta.url));
const none = { traceId: '', spanId: '' };

/** What a pod's start is told in. */
const startEvents = ['Scheduled', 'Pulled', 'Created', 'Started'];

describe('features that ask the cluster', function () {
  this.timeout(120_000);
  const accounts: Account[] = [];
  let folder: string;
  let node: string;
  let uids: Readonly<Record<Talker, string>>;
  let collectors: Collectors;
  let eventsGateway: Running;
  let gatewayFiles: string;

  before('runs an agent and a gateway with them, then pods with and without traces', async () => {
    const { nodes, spansFile } = await cluster();
    node = nodes.find(({ role }) => role === 'worker')?.name ?? '';
    gatewayFiles = dirname(spansFile);
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-presets-'));
    await kubectl(['apply', '--filename', rights]);
    const agent = await createAccount('presets-agent', [
      'kube-latency-pod-logs',
      'kube-latency-kubelet-stats',
    ]);
    const events = await createAccount('presets-events', ['kube-latency-kubernetes-events']);
    accounts.push(agent, events);

    collectors = await prepareCollectors();
    eventsGateway = await collectors.startGateway(['features/kubernetes-events.yaml'], {
      env: { KUBECONFIG: await events.writeKubeconfig(join(folder, 'events')) },
    });
    const features = ['pod-logs.yaml', 'kubelet-stats.yaml', 'host-metrics.yaml'];
    await runAgentPod(features, { node, account: agent.name });
    uids = await createTalkers(node);
  });

  after(async () => {
    await collectors?.remove();
    await removeAgentPod();
    await removeTalkers();
    for (const account of accounts) await account.remove();
    await kubectl(['delete', '--ignore-not-found', '--filename', rights]);
    await rm(folder, { recursive: true });
  });

  const expected: readonly [Talker, string, () => typeof none][] = [
    ['annotated', 'the trace and span that the pod is annotated with', () => target],
    ['unsampled', 'no trace, where the annotation says that it is not sampled', () => none],
    [
      'observed',
      'the trace that the correlator makes for an observed pod',
      () => ({ traceId: observedTraceId(uids.observed), spanId: '' }),
    ],
    ['plain', 'no trace, where the pod has none', () => none],
  ];

  for (const [talker, where, ids] of expected)
    it(`carries each line of a pod’s log with ${where}`, async () => {
      const lines = await eventually(async () => {
        const all = (await readLogs(join(gatewayFiles, 'logs.jsonl'))).filter(
          ({ resource }) => resource['k8s.pod.uid'] === uids[talker],
        );
        assert.ok(all.length >= 5, `${all.length} lines`);
        return all;
      });

      for (const line of lines) {
        assert.deepEqual(idsOf(line), ids());
        assert.equal(line.body, `hello from ${talker}`);
        assert.equal(line.attributes['log.iostream'], 'stdout');
        assert.deepEqual(line.resource, {
          'k8s.cluster.name': 'cluster-of-the-test',
          'k8s.container.name': 'talker',
          'k8s.container.restart_count': '0',
          'k8s.namespace.name': namespace,
          'k8s.node.name': node,
          'k8s.pod.name': talker,
          'k8s.pod.uid': uids[talker],
        });
      }
    });

  for (const [talker, where, ids] of expected)
    it(`carries the events about a pod with ${where}`, async () => {
      const events = await eventsOf(uids[talker]);

      for (const event of events) {
        assert.deepEqual(idsOf(event), ids(), String(event.attributes['k8s.event.reason']));
        assert.partialDeepStrictEqual(event.resource, {
          'service.name': 'kubernetes-events',
          'k8s.cluster.name': 'cluster-of-the-test',
          'k8s.namespace.name': namespace,
          'k8s.pod.name': talker,
        });
      }
    });

  it('puts the events about a probe’s pod into the trace of the probe', async () => {
    const { finished, report } = await probe([]);
    assert.equal(finished.code, 0, finished.stderr);
    const { traceId, pod } = only(report);

    const events = await eventually(async () => {
      const all = (await readLogs(collectors.logsFile)).filter(
        ({ resource }) => resource['k8s.pod.name'] === pod,
      );
      const reasons = all.map(({ attributes }) => attributes['k8s.event.reason']);
      assert.ok(reasons.includes('Started'), String(reasons));
      return all;
    });
    assert.deepEqual(new Set(events.map((event) => event.traceId)), new Set([traceId]));
  });

  it('carries an event that is about no pod, and without a trace', async () => {
    const reason = 'RegardingNoPod';
    await kubectl(['create', '--filename', await writeEvent(reason)]);

    const event = await eventually(async () => {
      const found = (await readLogs(collectors.logsFile)).find(
        ({ attributes }) => attributes['k8s.event.reason'] === reason,
      );
      assert.ok(found, 'it has not come');
      return found;
    });
    assert.deepEqual(idsOf(event), none);
    assert.equal(event.resource['k8s.object.kind'], 'Node');
    assert.equal(event.resource['k8s.pod.uid'], undefined);
  });

  it('is let in by the kubelet with its token, whose statistics are what this cluster lacks', async () => {
    await eventually(async () => {
      const points = (await readPoints(join(gatewayFiles, 'metrics.jsonl'))).filter(
        ({ metric, resource }) =>
          metric === 'k8s.pod.memory.working_set' && resource['k8s.pod.uid'] === uids.plain,
      );
      assert.ok(
        points.length > 0 || lacksStatistics.test(await agentPodLog()),
        await agentPodLog(),
      );
    });
  });

  it('tells the figures of the host that the pod is on', async () => {
    await eventually(async () => {
      const points = (await readPoints(join(gatewayFiles, 'metrics.jsonl'))).filter(
        ({ metric }) => metric === 'system.memory.usage',
      );
      assert.ok(points.length > 0, 'none');
      for (const { resource } of points) assert.equal(resource['k8s.node.name'], node);
    });
  });

  it('joins a kubelet’s trace by the Collector alone, which reads the pod’s annotation', async function () {
    this.timeout(30 * 60_000);
    const alone = await prepareCollectors(await extraProgram('otelcol-kube-latency-extra', this));
    try {
      const [port] = await freePorts(1);
      await alone.startGateway();
      await alone.startAgent(['extra/stitcher.yaml'], {
        env: {
          K8S_NODE_NAME: node,
          KUBECONFIG: (await accounts[0]?.writeKubeconfig(join(folder, 'agent'))) ?? '',
          STITCH_WAIT: '5s',
        },
        settings: {
          receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
        },
      });
      const spans = syncPod({ 'k8s.pod.uid': uids.annotated });
      await jsonSender(`http://127.0.0.1:${port}`).spans(spans);

      const copies = await eventually(async () => {
        const all = (await readSpans(alone.spansFile)).filter(
          ({ attributes }) => attributes['kube_latency.stitched'] === true,
        );
        assert.equal(all.length, spans.length);
        return all;
      });
      for (const { traceId } of copies) assert.equal(traceId, target.traceId);
      assert.deepEqual(
        new Set(copies.map(({ spanId }) => spanId)),
        new Set(spans.map(({ spanId }) => copiedId(target.traceId, spanId))),
      );
    } finally {
      await alone.remove();
    }
  });

  it('needs no right that rights.yaml does not give', async () => {
    assert.doesNotMatch(await agentPodLog(), /forbidden/i);
    assert.doesNotMatch(eventsGateway.stderr(), /forbidden/i);
  });

  /** The events about a pod, once its start is told in whole. */
  function eventsOf(uid: string): Promise<FileLog[]> {
    return eventually(async () => {
      const all = (await readLogs(collectors.logsFile)).filter(
        ({ resource }) => resource['k8s.object.uid'] === uid,
      );
      const reasons = new Set(all.map(({ attributes }) => attributes['k8s.event.reason']));
      assert.deepEqual(
        startEvents.filter((reason) => !reasons.has(reason)),
        [],
      );
      return all;
    });
  }

  async function writeEvent(reason: string): Promise<string> {
    const path = join(folder, 'event.json');
    const now = new Date().toISOString().replace(/\.\d+/, '');
    await writeFile(
      path,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { namespace: 'default', generateName: 'collector-presets-' },
        involvedObject: { kind: 'Node', name: node },
        reason,
        message: 'made by a test',
        type: 'Normal',
        firstTimestamp: now,
        lastTimestamp: new Date(Date.now() + 1000).toISOString().replace(/\.\d+/, ''),
        source: { component: 'test' },
      }),
    );
    return path;
  }
});

function idsOf({ traceId, spanId }: FileLog): typeof none {
  return { traceId, spanId };
}
