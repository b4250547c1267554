import assert from 'node:assert/strict';
import { once } from 'node:events';

import {
  planWatches,
  startPodWatches,
  type PodWatchStart,
  type WatchPlan,
} from '../../../../../receivers/correlator/edge/pod-watch.ts';
import type { PodEvent } from '../../../../../receivers/correlator/core/pod-snapshot.ts';
import { rules } from '../harness.ts';
import { createFakeApi, podObject, silent, stoppedClock, type FakeApi } from './fake-api.ts';

const all: WatchPlan = { path: '/api/v1/pods', query: { fieldSelector: 'spec.nodeName=n1' } };
const chosen: WatchPlan = {
  path: '/api/v1/namespaces/kube-latency/pods',
  query: { labelSelector: 'app=probe' },
};

interface Watching {
  readonly api: FakeApi;
  readonly events: string[];
  readonly start: Promise<PodWatchStart>;
  readonly stop: () => void;
  /** Resolves with the next event. */
  readonly next: () => Promise<unknown>;
}

function watching(api: FakeApi, plans = [all], metadataOnly = true): Watching {
  const events: string[] = [];
  const told = new EventTarget();
  const stop = new AbortController();
  const onEvent = (event: PodEvent): void => {
    events.push(event.kind === 'seen' ? `seen ${event.pod.uid}` : `gone ${event.uid}`);
    told.dispatchEvent(new Event('event'));
  };
  const start = startPodWatches({
    client: api.client,
    clock: stoppedClock,
    log: silent,
    signal: stop.signal,
    plans,
    metadataOnly,
    annotation: rules.annotation,
    onEvent,
  });
  return { api, events, start, stop: () => stop.abort(), next: () => once(told, 'event') };
}

describe('planWatches()', () => {
  it('takes this node’s pods, or those chosen by label, or both', () => {
    const shop = { path: '/api/v1/namespaces/shop/pods', query: {} };
    const ci = { path: '/api/v1/namespaces/ci/pods', query: {} };

    assert.deepEqual(planWatches({ nodeName: 'n1', chosen: false }, rules), [all]);
    assert.deepEqual(planWatches({ nodeName: undefined, chosen: true }, rules), [chosen, ci, shop]);
    assert.deepEqual(planWatches({ nodeName: 'n1', chosen: true }, rules), [all, chosen, ci, shop]);
  });

  it('asks for the same collection once, and for all namespaces where none is named', () => {
    const everywhere = { namespaces: [], labels: { a: 'b', c: 'd' } };
    const plans = planWatches(
      { nodeName: undefined, chosen: true },
      { ...rules, probed: [everywhere], foreign: [everywhere], observed: [] },
    );

    assert.deepEqual(plans, [{ path: '/api/v1/pods', query: { labelSelector: 'a=b,c=d' } }]);
  });
});

describe('startPodWatches()', () => {
  it('tells what is listed, then what changes', async () => {
    const watch = watching(createFakeApi([podObject('p1', 'u1')]));
    assert.deepEqual(await watch.start, { kind: 'open' });
    assert.deepEqual(watch.events, ['seen u1']);

    const added = watch.next();
    watch.api.tell(all.path, { type: 'ADDED', object: podObject('p2', 'u2') });
    await added;
    const deleted = watch.next();
    watch.api.tell(all.path, { type: 'DELETED', object: podObject('p1', 'u1') });
    await deleted;

    assert.deepEqual(watch.events, ['seen u1', 'seen u2', 'seen u1', 'gone u1']);
    watch.stop();
  });

  it('asks for metadata only where that is enough', async () => {
    for (const metadataOnly of [true, false]) {
      const watch = watching(createFakeApi(), [all], metadataOnly);
      await watch.start;

      const accepts = watch.api.requests.map(
        (request) => request.headers?.['Accept']?.includes('as=PartialObjectMetadata') === true,
      );
      assert.ok(accepts.length > 0);
      assert.ok(accepts.every((accept) => accept === metadataOnly));
      watch.stop();
    }
  });

  it('holds a pod for gone only when the last watch that held it lost it', async () => {
    const watch = watching(createFakeApi([podObject('p1', 'u1')]), [all, chosen]);
    await watch.start;

    const first = watch.next();
    watch.api.tell(chosen.path, { type: 'DELETED', object: podObject('p1', 'u1') });
    await first;
    assert.ok(!watch.events.includes('gone u1'));
    const second = watch.next();
    watch.api.tell(all.path, { type: 'DELETED', object: podObject('p1', 'u1') });
    await second;

    assert.equal(watch.events.at(-1), 'gone u1');
    watch.stop();
  });

  it('tells what went while it was not listening', async () => {
    const watch = watching(createFakeApi([podObject('p1', 'u1'), podObject('p2', 'u2')]));
    await watch.start;
    watch.api.answer(200, [podObject('p2', 'u2')]);

    const gone = watch.next();
    watch.api.tell(all.path, { type: 'ERROR', object: { code: 410, message: 'too old' } });
    await gone;

    assert.deepEqual(watch.events.slice(2), ['seen u2', 'gone u1']);
    watch.stop();
  }).timeout(5000);

  it('says when the API server is away, and when it refuses', async () => {
    const api = createFakeApi();
    api.answer(0, []);
    const away = await watching(api).start;
    assert.deepEqual(away, {
      kind: 'failed',
      problem: 'listing /api/v1/pods {"fieldSelector":"spec.nodeName=n1"}: no route',
    });

    api.answer(403, []);
    const refused = await watching(api).start;
    assert.equal(refused.kind, 'failed');
    assert.match(JSON.stringify(refused), /not you/);
  });
});
