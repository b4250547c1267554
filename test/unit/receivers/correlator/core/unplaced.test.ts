import assert from 'node:assert/strict';

import type { PodSnapshot } from '../../../../../receivers/correlator/core/pod-snapshot.ts';
import { createUnplaced } from '../../../../../receivers/correlator/core/unplaced.ts';
import { derived, shopPod } from '../harness.ts';

const sight = {
  key: 'Pod unschedulable/Unschedulable',
  name: 'Pod unschedulable',
  attributes: { 'kube_latency.status.message': '0/3 nodes are available' },
};

function pending(changes: Partial<PodSnapshot> = {}, says = [sight]): PodSnapshot {
  return shopPod('web', {
    nodeName: undefined,
    status: {
      phase: 'Pending',
      scheduledMs: undefined,
      initializedMs: undefined,
      readyMs: undefined,
      containers: [],
      waits: {},
      says,
    },
    ...changes,
  });
}

function unplaced(changes: Partial<Parameters<typeof createUnplaced>[0]> = {}) {
  return createUnplaced({
    concerns: () => true,
    giveUpMs: 60_000,
    creationLateMs: 30_000,
    maxPods: 10,
    untold: () => undefined,
    ...changes,
  });
}

const { uid } = pending();

describe('an observed pod without a node', () => {
  it('has the time told that no node fitted it, in the scheduler’s words', () => {
    const watch = unplaced();
    watch.pod({ kind: 'seen', pod: pending({}, []), atMs: 100_050 });
    watch.created(uid);
    watch.pod({ kind: 'seen', pod: pending(), atMs: 100_100 });

    const spans = watch.pod({ kind: 'seen', pod: pending({ nodeName: 'n1' }), atMs: 104_000 });

    const [span] = spans;
    assert.equal(spans.length, 1);
    assert.deepEqual(
      [span?.name, span?.start.atMs, span?.end.atMs, span?.events],
      [
        'pod.unschedulable',
        100_100,
        104_000,
        [{ name: sight.name, attributes: sight.attributes, atMs: 100_100 }],
      ],
    );
    assert.equal(span?.parentId, derived(String(span?.traceId), 'pod.schedule'));
    assert.equal(watch.size(), 0);
  });

  it('has nothing told that was placed at once', () => {
    const watch = unplaced();
    watch.pod({ kind: 'seen', pod: pending({}, []), atMs: 100_050 });
    watch.created(uid);

    const spans = watch.pod({ kind: 'seen', pod: pending({ nodeName: 'n1' }, []), atMs: 100_070 });

    assert.deepEqual(spans, []);
    assert.equal(watch.size(), 0);
  });

  it('is told whole, by the one beside whose API server it was created, when it goes without', () => {
    const [ours, theirs] = [unplaced(), unplaced()];
    for (const watch of [ours, theirs]) {
      watch.pod({ kind: 'seen', pod: pending(), atMs: 100_050 });
      assert.deepEqual(watch.pod({ kind: 'gone', uid, atMs: 102_000 }), []);
    }

    const spans = ours.created(uid);

    assert.deepEqual(
      spans.map((span) => span.name),
      ['pod.start-up', 'pod.schedule', 'pod.start', 'pod.ready', 'pod.terminate'],
    );
    assert.equal(spans[0]?.attributes['outcome'], 'deleted');
    assert.equal(spans[0]?.events[0]?.name, 'Pod unschedulable');
    assert.deepEqual(theirs.tick(140_000), []);
    assert.deepEqual([ours.size(), theirs.size()], [0, 0]);
  });

  it('is told as it is when it is given up', () => {
    const watch = unplaced();
    watch.pod({ kind: 'seen', pod: pending(), atMs: 100_050 });
    watch.created(uid);

    const early = watch.tick(150_000);
    const late = watch.tick(161_000);

    assert.deepEqual(early, []);
    assert.equal(late[0]?.attributes['outcome'], 'not_ready');
    assert.deepEqual(watch.tick(200_000), []);
  });

  it('is one of few that are followed', () => {
    let untold = 0;
    const watch = unplaced({ maxPods: 2, untold: (pods) => (untold += pods) });

    for (const name of ['a', 'b', 'c'])
      watch.pod({ kind: 'seen', pod: { ...pending(), uid: name }, atMs: 100_050 });

    assert.deepEqual([watch.size(), untold], [2, 1]);
  });
});
