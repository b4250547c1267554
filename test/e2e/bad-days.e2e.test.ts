import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Trace } from '../../cli/trace/model.ts';
import type { ProbeReport } from '../../receivers/pod-prober/report.ts';
import { cluster, kubectl, probePods } from '../support/cluster.ts';
import { kubeLatency, start, startKubeLatency, type Running } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { ancestry, only, probe, spanOf, traceOnce } from '../support/probe-report.ts';
import { readSpans } from '../support/spans-file.ts';
import { isCopy } from './correlation/oracle.ts';

const prober = 'receivers/pod-prober/main.ts';
const nowhere = 'http://127.0.0.1:1';
/** A pod that stays in its start for as long as the test needs. */
const stuck = ['--node', 'no-such-node'];

describe('a probe on a bad day', function () {
  this.timeout(120_000);

  afterEach('leaves no pod', async () => {
    assert.deepEqual(await probePods(), []);
  });

  it('names a pod that no node can take, and takes it away', async () => {
    const { finished, report } = await probe([...stuck, '--timeout', '5s']);

    assert.equal(finished.code, 1);
    assert.equal(only(report).reason, 'unschedulable');
    assert.deepEqual(
      only(report)
        .phases.filter(({ phase }) => phase === 'wait')
        .map(({ outcome, seconds }) => ({ outcome, seconds })),
      [{ outcome: 'failed', seconds: null }],
    );
  });

  it('names an image that cannot be had', async () => {
    const image = 'localhost/kube-latency/missing:1';
    const { finished, report } = await probe(['--image', image, '--timeout', '10s']);

    assert.equal(finished.code, 1);
    assert.equal(only(report).reason, 'image_pull');
    assert.match(String(only(report).message), /missing:1/);
    assert.deepEqual(latencies(report, ['start', 'ready', 'wait', 'first-packet']), []);
  });

  it('names a container that cannot run', async () => {
    const image = 'localhost/kube-latency/busybox:1';
    const { finished, report } = await probe(['--image', image, '--command', '/no/such/program']);

    assert.equal(finished.code, 1);
    assert.equal(only(report).reason, 'crash');
    assert.deepEqual(latencies(report, ['start', 'ready', 'wait', 'first-packet']), []);
  });

  it('is swept by the next run when it was killed', async () => {
    const killed = await startStuckProbe();
    killed.child.kill('SIGKILL');
    await killed.finished;
    assert.equal((await probePods()).length, 1);

    const { finished, report } = await probe([]);

    assert.equal(finished.code, 0, finished.stderr);
    assert.equal(report.swept, 1);
  });

  it('is not swept by another run while it lives', async () => {
    const living = await startStuckProbe();
    const [pod] = await probePods();

    const { report } = await probe([]);

    assert.equal(report.swept, 0);
    assert.deepEqual(await probePods(), [pod]);
    living.child.kill('SIGTERM');
    await living.finished;
  });

  it('deletes its pod and exports its trace when it is told to stop', async () => {
    const running = await startStuckProbe();

    running.child.kill('SIGTERM');
    const { code, stdout } = await running.finished;

    assert.equal(code, 1);
    const result = only(JSON.parse(stdout));
    assert.equal(result.reason, 'cancelled');
    const trace = await traceOnce(result.traceId, (read) =>
      spanOf(read, 'pod-prober', 'prober.main'),
    );
    assert.equal(spanOf(trace, 'pod-prober', 'prober.main').status.code, 'error');
    assert.equal(spanOf(trace, 'pod-prober', 'prober.cleanup').status.code, 'unset');
  });

  it('does its work without a collector, with a warning', async () => {
    const { finished, report } = await probe([], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: nowhere },
    });

    assert.equal(finished.code, 0, finished.stderr);
    assert.equal(only(report).outcome, 'ok');
    assert.match(finished.stderr, /telemetry could not be delivered/);
  });

  it('fails without a collector where the export is required', async () => {
    const { finished } = await probe(['--require-export'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: nowhere },
    });

    assert.equal(finished.code, 1);
  });

  it('has its trace joined by a link where its certificate is not privileged', async () => {
    const { kubeconfig, proberNamespace, collectorEndpoint, probeImage } = await cluster();
    const token = await kubectl(['create', 'token', 'default', '--namespace', proberNamespace]);
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-e2e-'));
    try {
      await kubectl([...roleBinding, '--namespace', proberNamespace]);
      const plain = join(folder, 'kubeconfig');
      await writeFile(plain, withToken(await readFile(kubeconfig, 'utf8'), token.trim()));
      const { finished, report } = await probe(
        ['--kubeconfig', plain, '--namespace', proberNamespace, '--image', probeImage],
        { env: { OTEL_EXPORTER_OTLP_ENDPOINT: collectorEndpoint } },
      );

      assert.equal(finished.code, 0, finished.stderr);
      assert.equal(report.traceJoin, 'links');
      const { traceId } = only(report);
      await linkedFrom(traceId);
      await traceOnce(traceId, joinedByCorrelators);
    } finally {
      await kubectl(['delete', 'rolebinding/plain-prober', '--namespace', proberNamespace]);
      await rm(folder, { recursive: true });
    }
  });
});

describe('a probe that cannot begin', function () {
  this.timeout(60_000);
  const unreadable = '/no/such/kubeconfig';

  const cases: {
    title: string;
    args: string[];
    code: number;
    says: RegExp;
  }[] = [
    { title: 'an unknown flag', args: ['--cuont', '3'], code: 2, says: /--cuont/ },
    { title: 'a bad duration', args: ['--timeout', '5'], code: 2, says: /--timeout.*'5'/ },
    {
      title: 'no kubeconfig',
      args: ['--kubeconfig', unreadable],
      code: 2,
      says: /\/no\/such\/kubeconfig/,
    },
    {
      title: 'a namespace that is not there, where the administrator looks for it',
      args: ['--namespace', 'no-such-namespace'],
      code: 2,
      says: /no-such-namespace/,
    },
  ];
  for (const { title, args, code, says } of cases)
    it(`says so in one line: ${title}`, async () => {
      const finished = await kubeLatency(['probe', '--here', ...args]);

      assert.equal(finished.code, code, finished.stderr);
      assert.match(lastLine(finished.stderr), says);
      assert.equal(finished.stdout, '');
    });

  it('says so in one line: a namespace that is not there', async () => {
    const { kubeconfig } = await cluster();
    const args = [`--kubeconfig=${kubeconfig}`, '--namespace=no-such-namespace'];

    const { code, stderr } = await start(process.execPath, [prober, ...args]).finished;

    assert.equal(code, 2, stderr);
    assert.match(lastLine(stderr), /no-such-namespace/);
  });

  it('says so in one line: an API server that is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-e2e-'));
    try {
      const path = join(folder, 'kubeconfig');
      const admin = await readFile((await cluster()).kubeconfig, 'utf8');
      await writeFile(path, admin.replace(/server: .*/, 'server: https://127.0.0.1:1'));

      const finished = await kubeLatency(['probe', '--here', '--kubeconfig', path]);

      assert.equal(finished.code, 1, finished.stderr);
      assert.match(lastLine(finished.stderr), /127\.0\.0\.1:1\b/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const roleBinding = [
  'create',
  'rolebinding',
  'plain-prober',
  '--role=pod-prober',
  '--serviceaccount=kube-latency:default',
];

/** Those of the phases that have a latency. */
function latencies(report: ProbeReport, phases: readonly string[]): string[] {
  return only(report)
    .phases.filter(({ phase, seconds }) => phases.includes(phase) && seconds !== null)
    .map(({ phase }) => phase);
}

/** A probe whose pod is there and cannot start. */
async function startStuckProbe(): Promise<Running> {
  const before = await probePods();
  const running = startKubeLatency(['probe', '--here', '--output', 'json', ...stuck]);
  await eventually(async () => assert.equal((await probePods()).length, before.length + 1));
  return running;
}

/** Waits for a trace of the API server's own that begins with the create request and links to the given trace. */
async function linkedFrom(traceId: string): Promise<void> {
  const { spansFile } = await cluster();
  await eventually(async () => {
    const found = (await readSpans(spansFile)).filter(
      (span) => span.links.includes(traceId) && !isCopy(span),
    );
    assert.ok(found.some(({ name }) => name === 'POST /api/v1/namespaces/{:namespace}/pods'));
    for (const span of found) assert.notEqual(span.traceId, traceId);
  });
}

/** The requests of a prober without privileges are in its trace as copies, below the steps that made them. */
function joinedByCorrelators(trace: Trace): void {
  const written = trace.spans.filter(({ service, name }) => service === 'etcd' && name === 'txn');
  const steps = new Set(written.flatMap((span) => ancestry(trace, span)));
  for (const step of ['prober.create-pod', 'prober.update-pod', 'prober.cleanup', 'pod.schedule'])
    assert.ok(steps.has(step), `no write below ${step}`);
  for (const span of trace.spans) {
    assert.equal(ancestry(trace, span).at(-1), 'prober.main');
    if (span.service !== 'pod-prober')
      assert.equal(span.attributes['kube_latency.stitched'], true, `${span.service} ${span.name}`);
  }
  for (const service of ['kubelet', 'containerd'])
    assert.ok(
      trace.spans.some((span) => span.service === service),
      service,
    );
}

function withToken(kubeconfig: string, token: string): string {
  const config = parse(kubeconfig) as { users: { user: object }[] };
  for (const entry of config.users) entry.user = { token };
  return stringify(config);
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
