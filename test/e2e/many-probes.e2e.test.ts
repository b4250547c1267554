import assert from 'node:assert/strict';
import type { Trace, TraceSpan } from '../../cli/trace/model.ts';
import { probePods } from '../support/cluster.ts';
import { ancestry, probe, spanOf, traceOnce, type Probed } from '../support/probe-report.ts';

const count = 20;
const writes = { create: count, patch: count, delete: count };

describe('20 probes at concurrency 10', () => {
  let probed: Probed;
  const traces: Trace[] = [];

  before(async function () {
    this.timeout(180_000);
    probed = await probe(['--count', String(count), '--concurrency', '10']);
    assert.equal(probed.finished.code, 0, probed.finished.stderr);
    for (const { traceId } of probed.report.probes)
      traces.push(await traceOnce(traceId, isComplete));
  });

  it('are all well, each with a trace of its own', () => {
    const { report } = probed;

    assert.deepEqual(report.outcomes, { ok: count, failed: 0 });
    assert.equal(new Set(report.probes.map(({ traceId }) => traceId)).size, count);
  });

  it('are complete in the backend, from root to etcd, with no parent missing', () => {
    for (const trace of traces) for (const span of trace.spans) ancestry(trace, span);
    assert.equal(traces.length, count);
  });

  it('have every phase in order and inside its root', () => {
    for (const trace of traces) {
      const root = spanOf(trace, 'pod-prober', 'prober.main');
      const [schedule, start, ready] = ['pod.schedule', 'pod.start', 'pod.ready'].map((name) =>
        spanOf(trace, 'pod-prober', name),
      ) as [TraceSpan, TraceSpan, TraceSpan];
      for (const span of trace.spans.filter(({ service }) => service === 'pod-prober')) {
        assert.ok(startOf(span) <= endOf(span), `${span.name} of ${trace.traceId}`);
        assert.ok(startOf(span) >= startOf(root), `${span.name} of ${trace.traceId}`);
        assert.ok(endOf(span) <= endOf(root), `${span.name} of ${trace.traceId}`);
      }
      assert.ok(endOf(schedule) <= startOf(start) && endOf(start) <= startOf(ready));
    }
  });

  it('cost three writes each, and no polling', () => {
    const { api } = probed.report;

    const { create, patch, list, watch } = api.requests;
    assert.deepEqual({ create, patch, delete: api.requests.delete }, writes);
    assert.ok(list <= 2 && watch <= 2, JSON.stringify(api));
  });

  it('leave no pod', async () => {
    assert.deepEqual(await probePods(), []);
  });

  it('are judged by --fail-over: exit 1 when a phase is too slow, 0 when it is not', async () => {
    const slow = await probe(['--fail-over', 'wait=1ms']);
    const fast = await probe(['--fail-over', 'wait=5m', '--fail-over', 'cleanup=5m']);

    assert.equal(slow.finished.code, 1);
    assert.equal(slow.report.outcomes.failed, 0);
    assert.equal(fast.finished.code, 0, fast.finished.stderr);
  }).timeout(60_000);
});

function isComplete(trace: Trace): void {
  spanOf(trace, 'pod-prober', 'prober.main');
  const written = trace.spans.filter(
    ({ service, name }) => service === 'etcd' && name === 'etcdserverpb.KV/Txn',
  );
  assert.ok(written.length >= 3, `${written.length} writes in ${trace.traceId}`);
  for (const span of trace.spans) ancestry(trace, span);
}

function startOf(span: TraceSpan): bigint {
  return BigInt(span.startTimeUnixNano);
}

function endOf(span: TraceSpan): bigint {
  return BigInt(span.endTimeUnixNano);
}
