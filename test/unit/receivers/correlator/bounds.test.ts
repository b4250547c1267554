import assert from 'node:assert/strict';

import {
  createHarness,
  podTrace,
  probePod,
  request,
  spanId,
  syncSpans,
  traceId,
} from './harness.ts';
import type { SpanSpec } from './otlp.ts';

const pod = probePod('p1');

function child(t: string, name: string): SpanSpec {
  return { traceId: t, spanId: spanId(name), parentId: spanId('unseen'), name };
}

describe('what waits', () => {
  it('is given up after its time, and counted', () => {
    const harness = createHarness({ waitMs: 60_000 });

    harness.spans('containerd', child(traceId('a'), 'one'), child(traceId('a'), 'two'));
    harness.pass(59_000);
    const waiting = harness.counts.waitingSpans;
    harness.pass(1000);

    assert.equal(waiting, 2);
    assert.equal(harness.counts.dropped.unresolved, 2);
    assert.deepEqual([harness.counts.waitingSpans, harness.counts.heldBytes], [0, 0]);
  });

  it('makes room for what is newer, the oldest trace first, and stays within its bytes', () => {
    const harness = createHarness({ maxHeldBytes: 20_000 });
    harness.see(pod);

    for (let n = 0; n < 100; n++) {
      harness.spans('containerd', child(traceId(`t${n}`), `span ${n}`));
      assert.ok(harness.counts.heldBytes <= 20_000);
    }
    const { waitingSpans, dropped } = harness.counts;
    const evicted = dropped.buffer_full;
    harness.spans('kubelet', ...syncSpans(traceId('t99'), pod));

    assert.equal(evicted, 100 - waitingSpans);
    assert.ok(waitingSpans > 10);
    assert.equal(harness.copies().length, 3);
  });

  it('makes room first where there is little hope', () => {
    const harness = createHarness({ maxHeldBytes: 20_000 });
    harness.see(pod);
    const hopeful = traceId('a slow start');
    harness.spans('containerd', child(hopeful, 'PullImage'));

    for (let n = 0; n < 100; n++)
      harness.spans(
        'apiserver',
        request(traceId(`t${n}`), 'GET', '/api/v1/namespaces/kube-latency/pods/unheard-of'),
      );
    harness.spans('kubelet', ...syncSpans(hopeful, pod));

    assert.ok(harness.counts.dropped.buffer_full > 0);
    assert.equal(harness.copies().length, 3);
  });

  it('is not kept of a trace that has too many spans', () => {
    const harness = createHarness({ maxTraceSpans: 50 });
    harness.see(pod);
    const t = traceId('endless');

    for (let n = 0; n < 10_000; n++) harness.spans('containerd', child(t, `span ${n}`));

    assert.equal(harness.counts.dropped.trace_too_large, 10_000);
    assert.deepEqual([harness.counts.waitingSpans, harness.counts.heldBytes], [0, 0]);
  });

  it('is counted when no more will come, for what would tell of a second pod may be lost with it', () => {
    const harness = createHarness();
    harness.see({
      ...pod,
      status: {
        phase: 'Running',
        scheduledMs: 0,
        initializedMs: 0,
        readyMs: undefined,
        containers: [{ name: 'app', init: false, id: 'c1', startedMs: 0 }],
        waits: {},
        says: [],
      },
    });
    harness.spans('containerd', {
      ...child(traceId('known'), 'remove'),
      attributes: { 'container.id': 'c1' },
    });
    harness.spans('containerd', child(traceId('unknown'), 'anything'));

    harness.finish();

    assert.deepEqual(harness.copies(), []);
    assert.equal(harness.counts.dropped.shutdown, 2);
  });

  it('counts each span exactly once', () => {
    const harness = createHarness({ maxHeldBytes: 5000 });
    harness.see(pod);
    for (let n = 0; n < 30; n++) {
      harness.spans('containerd', child(traceId(`t${n % 7}`), `span ${n}`));
      harness.spans('kubelet', ...syncSpans(traceId(`t${n % 5}`), pod));
      harness.spans('unheard-of', child(traceId('x'), `other ${n}`));
    }
    harness.finish();

    const { received, stitched, dropped } = harness.counts;
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    assert.equal(received, 30 * 4);
    assert.equal(stitched + lost, received);
    assert.equal(harness.copies().length, stitched);
  });
});

describe('a trace whose pod is known', () => {
  it('keeps its late spans for minutes, and is forgotten in the end', () => {
    const harness = createHarness({ rememberMs: 900_000, waitMs: 60_000 });
    harness.see(pod);
    const t = traceId('a slow pull');
    harness.spans('kubelet', ...syncSpans(t, pod));
    harness.copies();

    harness.pass(840_000);
    harness.spans('containerd', child(t, 'PullImage'));
    const late = harness.copies();
    harness.pass(901_000);
    harness.spans('containerd', child(t, 'much too late'));

    assert.deepEqual(
      late.map((copy) => copy.traceId),
      [podTrace('p1')],
    );
    assert.deepEqual(harness.copies(), []);
  });
});
