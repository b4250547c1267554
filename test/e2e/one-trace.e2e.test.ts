import assert from 'node:assert/strict';
import type { Trace } from '../../cli/trace/model.ts';
import type { ProbeResult } from '../../receivers/pod-prober/report.ts';
import { cluster, probePods } from '../support/cluster.ts';
import { kubeLatency } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { ancestry, only, probe, spanOf, traceOnce } from '../support/probe-report.ts';
import { readSpans } from '../support/spans-file.ts';

const phases = ['create-pod', 'wait-for-pod', 'first-packet', 'update-pod', 'cleanup'];

describe('the trace of one probed pod', () => {
  let result: ProbeResult;
  let trace: Trace;

  before(async function () {
    this.timeout(90_000);
    const { finished, report } = await probe([]);
    assert.equal(finished.code, 0, finished.stderr);
    result = only(report);
    trace = await traceOnce(result.traceId, (read) => {
      spanOf(read, 'pod-prober', 'prober.main');
      assert.ok(read.spans.some(({ service, name }) => service === 'etcd' && name === 'txn'));
    });
  });

  it('runs from the client through the API server down to the write of that very pod in etcd', () => {
    const key = `/registry/pods/${result.namespace}/${result.pod}`;
    const create = trace.spans.find(
      ({ service, name, attributes }) =>
        service === 'etcd' &&
        name === 'txn' &&
        attributes['success_first_key'] === key &&
        attributes['read_only'] !== true,
    );

    assert.ok(create, `a txn on ${key}`);
    const names = ancestry(trace, create);
    const expected = [
      'txn',
      'etcdserverpb.KV/Txn',
      'Create etcd3',
      'POST /api/v1/namespaces/{:namespace}/pods',
      'prober.create-pod',
      'prober.main',
    ];
    assert.deepEqual(
      expected.filter((name) => !names.includes(name)),
      [],
      names.join(' < '),
    );
  });

  it('has the steps of the probe below its root, each with the id of the pod', () => {
    const root = spanOf(trace, 'pod-prober', 'prober.main');

    assert.equal(root.parentSpanId, null);
    for (const phase of phases) {
      const span = spanOf(trace, 'pod-prober', `prober.${phase}`);
      assert.equal(span.parentSpanId, root.spanId, phase);
      assert.equal(span.attributes['k8s.pod.uid'], result.uid, phase);
      assert.equal(span.attributes['instance'], result.instance, phase);
    }
    const wait = spanOf(trace, 'pod-prober', 'prober.wait-for-pod');
    for (const phase of ['pod.schedule', 'pod.start', 'pod.ready'])
      assert.equal(spanOf(trace, 'pod-prober', phase).parentSpanId, wait.spanId, phase);
  });

  it('carries the Audit-ID that the API server noted', () => {
    const sent = spanOf(trace, 'pod-prober', 'prober.create-pod').attributes['audit-id'];
    const noted = spanOf(trace, 'apiserver', 'POST /api/v1/namespaces/{:namespace}/pods');

    assert.match(String(sent), /^[0-9a-f-]{36}$/);
    assert.equal(noted.attributes['audit-id'], sent);
  });

  it('is joined to what the kubelet did by the id of the pod', async () => {
    const { spansFile } = await cluster();

    const synced = await eventually(async () => {
      const spans = await readSpans(spansFile);
      const found = spans.filter(
        ({ name, attributes }) => name === 'syncPod' && attributes['k8s.pod.uid'] === result.uid,
      );
      assert.notEqual(found.length, 0);
      return found;
    });

    for (const span of synced) {
      assert.equal(span.resource['service.name'], 'kubelet');
      assert.equal(span.resource['k8s.node.name'], result.node);
      assert.equal(span.resource['k8s.cluster.name'], 'kube-latency');
    }
  }).timeout(60_000);

  it('is found by the pod’s name too, and as the last one', async () => {
    const byName = await kubeLatency([
      'trace',
      `${result.namespace}/${result.pod}`,
      '--output',
      'json',
    ]);
    const last = await kubeLatency(['trace', 'last', '--output', 'json']);

    assert.equal((JSON.parse(byName.stdout) as Trace).traceId, result.traceId);
    assert.equal((JSON.parse(last.stdout) as Trace).traceId, result.traceId);
  }).timeout(30_000);

  it('is drawn within the width of the terminal', async () => {
    const drawn = await kubeLatency(['trace', result.traceId], { env: { COLUMNS: '100' } });

    assert.equal(drawn.code, 0, drawn.stderr);
    const lines = drawn.stdout.split('\n');
    assert.deepEqual(
      lines.filter((line) => Array.from(line).length > 100),
      [],
    );
    for (const name of ['prober.main', 'pod.schedule', 'txn'])
      assert.ok(
        lines.some((line) => line.includes(name)),
        `${name} in\n${drawn.stdout}`,
      );
  }).timeout(30_000);

  it('leaves no pod', async () => {
    assert.deepEqual(await probePods(), []);
  });
});
