import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';

import {
  createKubeClient,
  type KubeClient,
} from '../../../../../receivers/shared/kubernetes/client.ts';
import type { Listing } from '../../../../../receivers/shared/kubernetes/list-pages.ts';
import {
  startWatch,
  type Watch,
  type WatchStart,
} from '../../../../../receivers/shared/kubernetes/watch.ts';
import { createWallClock, processClocks } from '../../../../../receivers/shared/wall-clock.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
  type TakenRequest,
} from './fake-api-server.ts';

const clock = createWallClock(processClocks);
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function line(response: ServerResponse, type: string, object: object): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}

function pod(name: string, resourceVersion: string): object {
  return { metadata: { name, resourceVersion } };
}

/** Plays the server's side: what the nth list and the nth watch answer. */
interface Script {
  readonly onList: (n: number, response: ServerResponse, request: TakenRequest) => void;
  readonly onWatch: (n: number, response: ServerResponse, request: TakenRequest) => void;
}

describe('startWatch', () => {
  let server: FakeApiServer;
  let client: KubeClient;
  let stop: AbortController;
  const heard: string[] = [];
  let wake = (): void => {};

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  function listing(): Listing {
    const sizes: number[] = [];
    return {
      page: (items) => sizes.push(items.length),
      end: () => {
        heard.push(`list ${sizes.join('+')}`);
        wake();
      },
    };
  }

  async function play(
    script: Script,
    { silenceMs, lists = true }: { silenceMs?: number; lists?: boolean } = {},
  ): Promise<{ start: WatchStart; watch: Watch }> {
    let listings = 0;
    let watches = 0;
    server = await startFakeApiServer((request, response) => {
      if (!request.url.searchParams.has('watch'))
        return script.onList(++listings, response, request);
      response.on('error', () => {});
      script.onWatch(++watches, response, request);
    });
    client = createKubeClient(server.connection, clock);
    return startWatch({
      path: '/api/v1/pods',
      query: { labelSelector: 'app=probe' },
      client,
      clock,
      log: silent,
      signal: stop.signal,
      ...(lists && { listing }),
      onEvent: ({ type, object }) => {
        heard.push(`${type} ${(object as { metadata: { name: string } }).metadata.name}`);
        wake();
      },
      random: () => 0,
      ...(silenceMs === undefined ? {} : { silenceMs }),
    });
  }

  const listAt =
    (version: string) =>
    (_: number, response: ServerResponse): void =>
      json(response, 200, { metadata: { resourceVersion: version }, items: [] });

  function open(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
  }

  function versions(): (string | null)[] {
    const watches = server.taken.filter((request) => request.url.searchParams.has('watch'));
    return watches.map((request) => request.url.searchParams.get('resourceVersion'));
  }

  beforeEach(() => {
    stop = new AbortController();
    heard.length = 0;
  });

  afterEach(() => {
    stop.abort();
    client.close();
    server.stop();
  });

  it('lists, then watches from the version of the list', async () => {
    const { start, watch } = await play({
      onList: listAt('10'),
      onWatch: (_, response) => {
        open(response);
        line(response, 'ADDED', pod('a', '11'));
      },
    });
    await until(() => heard.length === 2);
    stop.abort();
    await watch.ended;

    assert.equal(start.kind, 'open');
    assert.deepEqual(heard, ['list 0', 'ADDED a']);
    assert.deepEqual(versions(), ['10']);
  });

  it('resumes from the last version seen, that of a bookmark included, without listing again', async () => {
    await play({
      onList: listAt('10'),
      onWatch: (n, response) => {
        open(response);
        if (n === 1) line(response, 'ADDED', pod('a', '11'));
        if (n === 1) line(response, 'BOOKMARK', pod('', '20'));
        if (n === 2) line(response, 'DELETED', pod('a', '21'));
        if (n === 1) response.end();
      },
    });
    await until(() => heard.length === 3);

    assert.deepEqual(heard, ['list 0', 'ADDED a', 'DELETED a']);
    assert.deepEqual(versions(), ['10', '20']);
  });

  it('lists again when the server has forgotten the version', async () => {
    await play({
      onList: (n, response) => listAt(n === 1 ? '10' : '50')(n, response),
      onWatch: (n, response) => {
        open(response);
        if (n === 1) line(response, 'ERROR', { code: 410, message: 'too old resource version' });
        else line(response, 'ADDED', pod('b', '51'));
      },
    });
    await until(() => heard.length === 3);

    assert.deepEqual(heard, ['list 0', 'list 0', 'ADDED b']);
    assert.deepEqual(versions(), ['10', '50']);
  });

  it('survives a connection that breaks in the middle of a line', async () => {
    await play({
      onList: listAt('10'),
      onWatch: (n, response) => {
        open(response);
        if (n === 1) response.write('{"type":"ADDED","obj', () => response.destroy());
        else line(response, 'ADDED', pod('a', '11'));
      },
    });
    await until(() => heard.length === 2);

    assert.deepEqual(heard, ['list 0', 'ADDED a']);
  });

  it('cuts a stream that falls silent and opens another', async () => {
    await play(
      {
        onList: listAt('10'),
        onWatch: (n, response) => {
          open(response);
          if (n === 2) line(response, 'ADDED', pod('a', '11'));
        },
      },
      { silenceMs: 30 },
    );
    await until(() => heard.length === 2);

    assert.deepEqual(versions().slice(0, 2), ['10', '10']);
  });

  const taken = (key: string): (string | null)[] =>
    server.taken.map(({ url }) => url.searchParams.get(key));

  /** Pages of two, one and no pods, the last without a token. */
  function pages(version: string): Script['onList'] {
    return (_, response, { url }) => {
      const [items, next] =
        {
          one: [[pod('c', '3')], 'two'] as const,
          two: [[], undefined] as const,
        }[url.searchParams.get('continue') ?? ''] ??
        ([[pod('a', '1'), pod('b', '2')], 'one'] as const);
      const metadata = { resourceVersion: version, ...(next && { continue: next }) };
      json(response, 200, { metadata, items });
    };
  }

  it('lists page by page, with the selectors on each, then watches from the version of all', async () => {
    await play({ onList: pages('10'), onWatch: (_, response) => open(response) });

    assert.deepEqual(heard, ['list 2+1+0']);
    assert.deepEqual(taken('continue'), [null, 'one', 'two', null]);
    assert.deepEqual(taken('limit'), ['100', '100', '100', null]);
    assert.ok(taken('labelSelector').every((selector) => selector === 'app=probe'));
    assert.deepEqual(versions(), ['10']);
  });

  it('asks for one item, and no more, where only the version is wanted', async () => {
    await play({ onList: pages('10'), onWatch: (_, response) => open(response) }, { lists: false });

    assert.deepEqual(taken('limit'), ['1', null]);
    assert.deepEqual(versions(), ['10']);
  });

  it('lists anew when the server forgets the state that the pages are of', async () => {
    await play({
      onList: (n, response, request) =>
        n === 3
          ? json(response, 410, { message: 'continue token expired' })
          : pages(n < 3 ? '10' : '20')(n, response, request),
      onWatch: (_, response) => open(response),
    });

    assert.deepEqual(heard, ['list 2+1+0']);
    assert.deepEqual(taken('continue'), [null, 'one', 'two', null, 'one', 'two', null]);
    assert.deepEqual(versions(), ['20']);
  });

  it('does not list on and on when every list expires, nor ends one that broke off', async () => {
    const { start } = await play({
      onList: (n, response, request) =>
        n % 2 === 0
          ? json(response, 410, { message: 'expired' })
          : pages('10')(n, response, request),
      onWatch: () => {},
    });

    assert.deepEqual(start, { kind: 'refused', status: 410, message: 'expired' });
    assert.deepEqual(heard, []);
    assert.equal(server.taken.length, 4);
  });

  it('takes an empty answer, and items that are null, for an empty collection', async () => {
    await play({
      onList: (n, response) =>
        n === 1 ? json(response, 200, { items: null }) : response.writeHead(200).end(),
      onWatch: (n, response) => {
        open(response);
        if (n === 1) line(response, 'ERROR', { code: 410 });
      },
    });
    await until(() => heard.length === 2);

    assert.deepEqual(heard, ['list 0', 'list 0']);
  });

  it('does not start where listing is refused, and tells the reason', async () => {
    const { start, watch } = await play({
      onList: (_, response) => json(response, 403, { message: 'pods is forbidden' }),
      onWatch: () => {},
    });
    await watch.ended;

    assert.deepEqual(start, { kind: 'refused', status: 403, message: 'pods is forbidden' });
  });

  it('does not start where watching is refused', async () => {
    const { start } = await play({
      onList: listAt('10'),
      onWatch: (_, response) => json(response, 403, { message: 'no watch' }),
    });

    assert.deepEqual(start, { kind: 'refused', status: 403, message: 'no watch' });
  });
});
