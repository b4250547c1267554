import assert from 'node:assert/strict';
import { EventEmitter, getEventListeners, once } from 'node:events';

import type { PodEvent } from '../../../../../receivers/correlator/core/pod-snapshot.ts';
import {
  startPodWatches,
  type PodWatches,
} from '../../../../../receivers/correlator/edge/pod-watch.ts';
import {
  collectionOf,
  type WatchPlan,
} from '../../../../../receivers/correlator/edge/watch-plan.ts';
import {
  createKubeClient,
  type KubeRequest,
} from '../../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../../receivers/shared/wall-clock.ts';
import { json, startFakeApiServer } from '../../shared/kubernetes/fake-api-server.ts';
import { rules } from '../harness.ts';
import { createFakeApi, podObject, silent, stoppedClock, type FakeApi } from './fake-api.ts';

const ofNode: WatchPlan = { namespace: undefined, nodeName: 'n1', labels: {}, whole: true };
const chosen: WatchPlan = {
  namespace: 'kube-latency',
  nodeName: undefined,
  labels: { app: 'probe' },
  whole: true,
};
const all = collectionOf(ofNode);
const some = collectionOf(chosen);
const backoff = { baseMs: 2, capMs: 2 };

interface Watching {
  readonly api: FakeApi;
  readonly events: string[];
  readonly warnings: string[];
  readonly watches: PodWatches;
  readonly stop: () => void;
  /** Resolves with the next event. */
  readonly next: () => Promise<unknown>;
}

function watching(api: FakeApi, plans = [ofNode]): Watching {
  const events: string[] = [];
  const warnings: string[] = [];
  const told = new EventEmitter();
  const stop = new AbortController();
  const onEvent = (event: PodEvent): void => {
    events.push(event.kind === 'seen' ? `seen ${event.pod.uid}` : `gone ${event.uid}`);
    told.emit('event');
  };
  const watches = startPodWatches({
    client: api.client,
    clock: stoppedClock,
    log: { ...silent, warn: (details) => void warnings.push(JSON.stringify(details)) },
    signal: stop.signal,
    plans,
    annotation: rules.annotation,
    interruptionMs: 10_000,
    backoff,
    onEvent,
  });
  const next = (): Promise<unknown> => once(told, 'event');
  return { api, events, warnings, watches, stop: () => stop.abort(), next };
}

/** Lets so many requests come in. */
async function asked(api: FakeApi, count: number): Promise<void> {
  while (api.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('startPodWatches()', () => {
  it('tells what is listed, then what changes', async () => {
    const watch = watching(createFakeApi([podObject('p1', 'u1')]));
    await watch.watches.listed;
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

  it('asks for metadata only where that is enough, for each collection by itself', async () => {
    const watch = watching(createFakeApi(), [ofNode, { ...chosen, whole: false }]);
    await watch.watches.listed;

    const asksForMetadata = ({ headers }: KubeRequest): boolean =>
      headers?.['Accept']?.includes('as=PartialObjectMetadata') === true;
    const of = (path: string): boolean[] =>
      watch.api.requests.filter((request) => request.path === path).map(asksForMetadata);
    assert.deepEqual(of(some.path), [true, true]);
    const kinds = watch.api.requests
      .filter(({ path }) => path === some.path)
      .map(({ verb, headers }) => [verb, /as=(\w+)/.exec(headers?.['Accept'] ?? '')?.[1]]);
    assert.deepEqual(Object.fromEntries(kinds), {
      list: 'PartialObjectMetadataList',
      watch: 'PartialObjectMetadata',
    });
    assert.deepEqual(of(all.path), [false, false]);
    watch.stop();
  });

  it('does not tell by its metadata a pod that is watched whole', async () => {
    const shop = { ...chosen, namespace: undefined, labels: { shop: 'yes' } };
    const labels = { app: 'probe', shop: 'yes' };
    const watch = watching(createFakeApi([podObject('p1', 'u1', { labels })]), [
      { ...chosen, whole: false },
      shop,
    ]);
    await watch.watches.listed;
    assert.deepEqual(watch.events, ['seen u1']);

    const object = podObject('p2', 'u2');
    const seen = watch.next();
    watch.api.tell(some.path, { type: 'ADDED', object: podObject('p3', 'u3', { labels }) });
    watch.api.tell(some.path, { type: 'ADDED', object });
    await seen;
    const gone = watch.next();
    watch.api.tell(collectionOf(shop).path, {
      type: 'DELETED',
      object: podObject('p1', 'u1', { labels }),
    });
    await gone;

    assert.deepEqual(watch.events, ['seen u1', 'seen u2', 'seen u1', 'gone u1']);
    watch.stop();
  });

  it('holds a pod for gone only when the last watch that held it lost it', async () => {
    const watch = watching(createFakeApi([podObject('p1', 'u1')]), [ofNode, chosen]);
    await watch.watches.listed;

    const first = watch.next();
    watch.api.tell(some.path, { type: 'DELETED', object: podObject('p1', 'u1') });
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
    await watch.watches.listed;
    watch.api.answer(200, [podObject('p2', 'u2')]);

    const gone = watch.next();
    watch.api.tell(all.path, { type: 'ERROR', object: { code: 410, message: 'too old' } });
    await gone;

    assert.deepEqual(watch.events.slice(2), ['seen u2', 'gone u1']);
    watch.stop();
  });

  it('follows one collection although another is refused, and that one once it may', async () => {
    const api = createFakeApi([podObject('p1', 'u1')]);
    api.answer(403, [], some.path);
    const watch = watching(api, [ofNode, chosen]);
    await watch.next();
    await asked(api, 20);

    assert.deepEqual(watch.events, ['seen u1']);
    assert.equal(watch.watches.live(), 1);
    assert.equal(
      watch.watches.problem(),
      `${some.path} {"labelSelector":"app=probe"} is not listed yet: not you`,
    );
    assert.equal(api.requests.filter(({ path }) => path === all.path).length, 2);
    assert.equal(watch.warnings.length, 1);

    api.answer(200, [podObject('p2', 'u2')], some.path);
    await watch.watches.listed;

    assert.deepEqual(watch.events, ['seen u1', 'seen u2']);
    assert.deepEqual([watch.watches.live(), watch.watches.problem()], [2, undefined]);
    watch.stop();
  });

  it('says again why it cannot list when the reason is another', async () => {
    const api = createFakeApi();
    api.answer(0, []);
    const watch = watching(api);
    await asked(api, 5);
    api.answer(403, []);
    await asked(api, 10);

    assert.deepEqual(
      watch.warnings.map((warning) => /no route|not you/.exec(warning)?.[0]),
      ['no route', 'not you'],
    );
    watch.stop();
    await watch.watches.listed;
  });

  it('tells what went between two tries', async () => {
    const api = createFakeApi([podObject('p1', 'u1'), podObject('p2', 'u2')]);
    api.refuseWatches(true);
    const watch = watching(api);
    // Not while a list is under way.
    await asked(api, 3);
    while (api.requests.at(-1)?.verb !== 'watch') await asked(api, api.requests.length + 1);
    api.answer(200, [podObject('p2', 'u2')]);
    api.refuseWatches(false);
    await watch.watches.listed;

    assert.deepEqual(watch.events.slice(0, 2), ['seen u1', 'seen u2']);
    assert.equal(watch.events.filter((event) => event === 'gone u1').length, 1);
    assert.ok(!watch.events.includes('gone u2'));
    watch.stop();
  });

  it('leaves no listener behind, however often it tries', async () => {
    const server = await startFakeApiServer((request, response) =>
      server.taken.length % 2 === 1
        ? json(response, 200, { metadata: { resourceVersion: '1' }, items: [] })
        : json(response, 403, { message: 'you may list, but not watch' }),
    );
    const clock = createWallClock(processClocks);
    const client = createKubeClient(server.connection, clock);
    const stop = new AbortController();
    const watches = startPodWatches({
      client,
      clock,
      log: silent,
      signal: stop.signal,
      plans: [ofNode],
      annotation: rules.annotation,
      interruptionMs: 1000,
      backoff,
      onEvent: () => undefined,
    });
    let most = 0;
    while (server.taken.length < 60) {
      most = Math.max(most, getEventListeners(stop.signal, 'abort').length);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }

    assert.ok(most >= 1 && most <= 2, `${most} listeners`);
    stop.abort();
    await watches.listed;
    client.close();
    server.stop();
  });
});
