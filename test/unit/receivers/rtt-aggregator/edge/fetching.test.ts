import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Taken } from '../../../../../receivers/rtt-aggregator/core/mesh-book.ts';
import type { FetchFailure } from '../../../../../receivers/rtt-aggregator/core/own-families.ts';
import {
  createFetchRounds,
  type FetchRounds,
} from '../../../../../receivers/rtt-aggregator/edge/fetch-rounds.ts';
import { fetchTally } from '../../../../../receivers/rtt-aggregator/edge/fetch-tally.ts';
import { until } from '../../../../support/until.ts';
import { place, report } from '../tally.ts';

const servers: Server[] = [];

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const sound = JSON.stringify(report(place('a')));

describe('fetchTally', () => {
  const agent = new Agent({ keepAlive: true });
  const limits = { timeoutMs: 300, maxBytes: 2000, agent, signal: new AbortController().signal };
  after(() => agent.destroy());

  it('asks for what follows a stretch, and gives the report', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve(({ url: path }, response) => {
      asked.push(path);
      response.end(sound);
    });

    const result = await fetchTally(url, 42, limits);

    assert.equal(result.kind === 'report' && result.report.source.node, 'a');
    assert.deepEqual(asked, ['/tally?after=42']);
  });

  const cases: readonly [FetchFailure, string, RequestListener][] = [
    ['timeout', 'one that never answers', () => undefined],
    [
      'timeout',
      'one that answers too slowly',
      (_, response) => {
        response.write('{');
        const timer = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(timer));
      },
    ],
    [
      'too_large',
      'one that answers without end',
      (_, response) => {
        const timer = setInterval(() => response.write(' '.repeat(500)), 2);
        response.once('close', () => clearInterval(timer));
      },
    ],
    ['bad_status', 'another program', (_, response) => response.writeHead(404).end()],
    ['bad_json', 'half a report', (_, response) => response.end(sound.slice(0, 40))],
    [
      'bad_report',
      'a report of another version',
      (_, response) => response.end(sound.replace('"version":1', '"version":2')),
    ],
    ['reset', 'one that hangs up', (request) => request.socket.destroy()],
  ];
  for (const [reason, title, answer] of cases)
    it(`says ${reason} of ${title}`, async () => {
      const result = await fetchTally(await serve(answer), 0, limits);

      assert.equal(result.kind === 'failed' && result.reason, reason);
    });

  it('says refused where nothing listens', async () => {
    const url = await serve(() => undefined);
    servers[0]?.close();

    const result = await fetchTally(url, 0, limits);

    assert.equal(result.kind === 'failed' && result.reason, 'refused');
  });

  it('asks again where a connection that was kept had been closed', async () => {
    let connections = 0;
    const url = await serve((_, response) => response.end(sound));
    servers[0]?.on('connection', () => connections++);
    await fetchTally(url, 0, limits);
    await fetchTally(url, 0, limits);
    assert.equal(connections, 1);
    servers[0]?.closeAllConnections();

    assert.equal((await fetchTally(url, 0, limits)).kind, 'report');
  });
});

describe('createFetchRounds', () => {
  let rounds: FetchRounds;
  let warnings: object[];
  let taken: { node: string; after: number }[];
  let answer: Taken;

  beforeEach(() => {
    warnings = [];
    taken = [];
    answer = { kind: 'taken', after: 7 };
    rounds = createFetchRounds({
      intervalMs: 100,
      timeoutMs: 200,
      concurrency: 4,
      maxBytes: 10_000,
      log: {
        debug: () => {},
        info: () => {},
        warn: (fields) => warnings.push(fields),
        error: () => {},
      },
      take: ({ source }, after) => {
        taken.push({ node: source.node, after });
        return answer;
      },
    });
  });
  afterEach(() => rounds.stop());

  const pinger = (url: string) => ({ url, place: undefined });

  it('asks each pinger again and again, for what follows the last', async () => {
    const urls = await Promise.all(
      ['a', 'b', 'c'].map((node) =>
        serve((_, response) => response.end(JSON.stringify(report(place(node))))),
      ),
    );
    rounds.follow(urls.map(pinger));
    rounds.start();
    await until(() => taken.length >= 9);

    const ofB = taken.filter(({ node }) => node === 'b').map(({ after }) => after);
    assert.deepEqual(ofB.slice(0, 2), [0, 7]);
    assert.ok(ofB.length >= 2);
    assert.deepEqual(rounds.states(), { heard: 3, silent: 0 });
  });

  it('counts each failure, logs the first, and goes on with the others', async () => {
    const [bad, good] = await Promise.all([
      serve((_, response) => response.end('{')),
      serve((_, response) => response.end(sound)),
    ]);
    rounds.follow([pinger(bad), pinger(good)]);
    rounds.start();
    await until(() => (rounds.failed().get('bad_json') ?? 0) >= 3 && rounds.fetched() >= 3);

    assert.equal(warnings.length, 1);
    assert.deepEqual(rounds.states(), { heard: 1, silent: 1 });
  });

  it('counts a pinger whose clock is ahead as failed', async () => {
    answer = { kind: 'clock_ahead', after: 0 };
    rounds.follow([pinger(await serve((_, response) => response.end(sound)))]);
    rounds.start();

    await until(() => (rounds.failed().get('clock_ahead') ?? 0) > 0);
    assert.equal(rounds.fetched(), 0);
  });

  it('follows who comes and goes, and says nothing of who has gone', async () => {
    const hanging = pinger(await serve(() => undefined));
    const url = await serve((_, response) => response.end(sound));
    rounds.follow([hanging]);
    rounds.start();
    await until(() => (rounds.failed().get('timeout') ?? 0) > 0);
    rounds.follow([pinger(url)]);
    const before = rounds.failed().get('timeout');
    await until(() => rounds.fetched() >= 5);

    assert.equal(rounds.failed().get('timeout'), before);
    assert.deepEqual(rounds.states(), { heard: 1, silent: 0 });
  });

  it('asks no more than so many at once', async () => {
    let [now, most, asked] = [0, 0, 0];
    const urls = await Promise.all(
      Array.from({ length: 12 }, () =>
        serve((_, response) => {
          asked++;
          most = Math.max(most, ++now);
          response.once('close', () => now--);
          setTimeout(() => response.end(sound), 30);
        }),
      ),
    );
    rounds.follow(urls.map(pinger));
    rounds.start();
    await until(() => asked >= 24);

    assert.ok(most <= 4, `${most}`);
  });
});
