import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import type { Trace } from '../../cli/trace/model.ts';
import type { ProbeReport, ProbeResult } from '../../receivers/pod-prober/report.ts';
import { cluster, kubectl, kubectlApply, probePods } from '../support/cluster.ts';
import { kubeLatency, startKubeLatency, type Running } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import {
  ancestry,
  only,
  probeAnywhere,
  spanOf,
  traceOnce,
  type Probed,
} from '../support/probe-report.ts';

/** The API server as pods name it. */
const serverForPods = 'https://kubernetes.default.svc';
const asJob = /^probing in the cluster, as Job kube-latency\/probe-[0-9a-f]{8}$/m;
const components = ['apiserver', 'etcd', 'kubelet', 'containerd'];
/** A probe whose pod stays in its start for as long as the test needs. */
const stuck = ['--node', 'no-such-node'];

describe('a probe in the cluster, as a Job', function () {
  this.timeout(150_000);
  let probed: Probed;
  let result: ProbeResult;
  let trace: Trace;

  before(async () => {
    probed = await probeAnywhere([]);
    assert.equal(probed.finished.code, 0, probed.finished.stderr);
    result = only(probed.report);
    trace = await traceOnce(result.traceId, (read) => {
      spanOf(read, 'pod-prober', 'prober.main');
      const services = new Set(read.spans.map(({ service }) => service));
      for (const component of components) assert.ok(services.has(component), component);
    });
  });

  it('says that it is one, and how its probe went, as it goes', () => {
    const { stderr } = probed.finished;

    assert.match(stderr, asJob);
    assert.match(stderr, new RegExp(`^probe 1/1: ${result.namespace}/${result.pod} ok$`, 'm'));
    assert.doesNotMatch(stderr, /warning|error/);
  });

  it('probes from the pod network, as the holder of the prober’s certificate', () => {
    const { server, traceJoin, telemetry } = probed.report;

    assert.equal(server, serverForPods);
    assert.equal(traceJoin, 'native');
    assert.deepEqual(telemetry.problems, []);
    assert.deepEqual(
      result.phases.map(({ phase, outcome }) => `${phase} ${outcome}`).filter(isNotOk),
      [],
    );
  });

  it('has one trace, from the prober through all components to the first packet', () => {
    const root = spanOf(trace, 'pod-prober', 'prober.main');
    const packet = spanOf(trace, 'pod-prober', 'prober.first-packet');

    assert.equal(packet.parentSpanId, root.spanId);
    assert.equal(packet.attributes['kube_latency.packet.kind'], 'tcp');
    for (const span of trace.spans) assert.equal(ancestry(trace, span).at(-1), 'prober.main');
  });

  it('leaves no Job and no pod', nothingLeft);

  it('takes the user’s flags, prints for people, and ends as the probes did', async () => {
    const args = ['--count', '2', '--concurrency=2', '--fail-over', 'wait=1ms'];
    const { code, stdout, stderr } = await kubeLatency(['probe', ...args]);

    assert.equal(code, 1, stderr);
    assert.match(stdout, /^2 probes succeeded, 0 failed$/m);
    assert.match(stdout, /^fail-over: wait p95 .*: exceeded$/m);
    assert.match(stderr, /^probe 2\/2: /m);
    await nothingLeft();
  });

  it('tells of a probe that failed what the prober found', async () => {
    const { finished, report } = await probeAnywhere([...stuck, '--timeout', '3s']);

    assert.equal(finished.code, 1);
    assert.match(finished.stderr, asJob);
    assert.equal(only(report).reason, 'unschedulable');
    await nothingLeft();
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`takes the Job and its probe away on ${signal}, and reports`, async () => {
      const running = await startStuckProbe();

      running.child.kill(signal);
      const { code, stdout, stderr } = await running.finished;

      // When it ends there is nothing left, not only some time later.
      assert.deepEqual(await jobsAndTheirPods(), []);
      assert.deepEqual(await probePods(), []);
      assert.equal(code, 1, stderr);
      const report = JSON.parse(stdout) as ProbeReport;
      assert.equal(only(report).reason, 'cancelled');
      assert.equal(report.interrupted, true);
      assert.doesNotMatch(stderr, /warning/);
      const stopped = await traceOnce(only(report).traceId, (read) =>
        spanOf(read, 'pod-prober', 'prober.main'),
      );
      assert.equal(spanOf(stopped, 'pod-prober', 'prober.cleanup').status.code, 'unset');
    });

  it('takes the Job away on Ctrl-C before the prober ran', async () => {
    const running = startKubeLatency(['probe']);
    await eventually(() => assert.match(running.stderr(), asJob), { everyMs: 20 });

    running.child.kill('SIGINT');
    const { code, stdout } = await running.finished;

    assert.equal(code, 1);
    assert.equal(stdout, '');
    await nothingLeft();
  });

  it('refuses to probe where the prober has no rights, and makes no Job', async () => {
    const before = await jobsMade();

    const { code, stderr } = await kubeLatency(['probe', '--namespace', 'default']);

    assert.equal(code, 2, stderr);
    assert.match(stderr, /^kube-latency: --namespace default: .*--here/);
    assert.deepEqual(await jobsMade(), before);
  });
});

describe('a probe on this machine', function () {
  this.timeout(120_000);

  it('makes no Job with --here', async () => {
    const before = await jobsMade();

    const { finished, report } = await probeAnywhere(['--here']);

    assert.equal(finished.code, 0, finished.stderr);
    assert.notEqual(report.server, serverForPods);
    assert.doesNotMatch(finished.stderr, asJob);
    assert.deepEqual(await jobsMade(), before);
  });

  it('is what a user gets who may not read the CronJob, and is told why', async () => {
    const { proberKubeconfig, proberNamespace } = await cluster();

    const { finished, report } = await probeAnywhere([
      `--kubeconfig=${proberKubeconfig}`,
      `--namespace=${proberNamespace}`,
    ]);

    assert.equal(finished.code, 0, finished.stderr);
    assert.notEqual(report.server, serverForPods);
    assert.match(
      finished.stderr,
      /^probing from this machine, not in the cluster: cronjobs.* is forbidden/m,
    );
  });

  it('is what everybody gets where there is no CronJob', async () => {
    const cronJob = await readCronJob();
    await kubectl([...inNamespace, 'delete', 'cronjob/pod-prober']);
    try {
      const { finished, report } = await probeAnywhere([]);

      assert.equal(finished.code, 0, finished.stderr);
      assert.notEqual(report.server, serverForPods);
      assert.doesNotMatch(finished.stderr, /in the cluster/);
    } finally {
      await kubectlApply(stringify(cronJob));
    }
    assert.deepEqual(await readCronJob(), cronJob);
  });
});

const inNamespace = ['--namespace', 'kube-latency'];

function isNotOk(phase: string): boolean {
  return !phase.endsWith(' ok');
}

/** A probe in the cluster whose pod is there and cannot start. */
async function startStuckProbe(): Promise<Running> {
  const running = startKubeLatency(['probe', '--output', 'json', ...stuck]);
  await eventually(async () => assert.equal((await probePods()).length, 1, running.stderr()));
  assert.match(running.stderr(), asJob);
  return running;
}

/** The Job of a probe that has ended is deleted at once; its pod, which has ended too, behind it. */
async function nothingLeft(): Promise<void> {
  assert.deepEqual(await probePods(), []);
  assert.deepEqual((await jobsAndTheirPods()).filter(isJob), []);
  await eventually(async () => assert.deepEqual(await jobsAndTheirPods(), []));
}

/** Those of this command; other tests make Jobs too. */
async function jobsAndTheirPods(): Promise<string[]> {
  const jobs = ['get', 'jobs', '--selector=kube-latency/run-by=kube-latency-probe'];
  const pods = ['get', 'pods', '--selector=batch.kubernetes.io/job-name'];
  const listed = await Promise.all(
    [jobs, pods].map((what) => kubectl([...inNamespace, ...what, '--output=name'])),
  );
  return listed.flatMap(lines).filter((name) => /\/probe-[0-9a-f]{8}(-|$)/.test(name));
}

function isJob(name: string): boolean {
  return name.startsWith('job.batch/');
}

/** Events of the Jobs that have made a pod; they outlive the Jobs. */
async function jobsMade(): Promise<string[]> {
  const selector = 'involvedObject.kind=Job,reason=SuccessfulCreate';
  const listed = await kubectl([
    ...inNamespace,
    'get',
    'events',
    `--field-selector=${selector}`,
    '--output=name',
  ]);
  const made = lines(listed).toSorted();
  assert.notEqual(made.length, 0, 'the Jobs before this one');
  return made;
}

/** What was applied, without what the server added. */
async function readCronJob(): Promise<object> {
  const read = JSON.parse(
    await kubectl([...inNamespace, 'get', 'cronjob/pod-prober', '--output=json']),
  ) as { apiVersion: string; kind: string; metadata: Record<string, unknown>; spec: object };
  const { name, namespace, labels } = read.metadata;
  return {
    apiVersion: read.apiVersion,
    kind: read.kind,
    metadata: { name, namespace, labels },
    spec: read.spec,
  };
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
