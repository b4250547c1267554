import assert from 'node:assert/strict';

import {
  createKubeClient,
  statusMessage,
} from '../../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../../receivers/shared/wall-clock.ts';
import { json, startFakeApiServer, type Answer, type FakeApiServer } from './fake-api-server.ts';

const clock = createWallClock(processClocks);

describe('createKubeClient', () => {
  let server: FakeApiServer;
  let answer: Answer;

  beforeEach(async () => {
    server = await startFakeApiServer((request, response) => answer(request, response));
  });

  afterEach(() => server.stop());

  it('sends JSON with its headers and reads the answer', async () => {
    answer = (_, response) => json(response, 201, { kind: 'Pod' });
    const client = createKubeClient(server.connection, clock);
    const result = await client.request(
      {
        verb: 'create',
        path: '/api/v1/pods',
        query: { a: 'b=c' },
        headers: { 'Audit-ID': 'x' },
        body: { n: 'ü' },
      },
      { timeoutMs: 5000 },
    );
    client.close();

    assert.equal(result.kind, 'answer');
    const [taken] = server.taken;
    assert.equal(taken?.method, 'POST');
    assert.equal(taken?.url.searchParams.get('a'), 'b=c');
    assert.equal(taken?.headers['audit-id'], 'x');
    assert.equal(taken?.headers.authorization, 'Bearer test');
    assert.equal(taken?.body, '{"n":"ü"}');
    assert.deepEqual(client.use().requests, {
      get: 0,
      list: 0,
      watch: 0,
      create: 1,
      patch: 0,
      delete: 0,
    });
    assert.equal(client.use().sentBytes, Buffer.byteLength('{"n":"ü"}'));
  });

  it('tells when the request left before it tells when the answer came', async () => {
    answer = (_, response) => json(response, 200, {});
    const client = createKubeClient(server.connection, clock);
    const before = clock.nowNs();
    const result = await client.request({ verb: 'get', path: '/' }, { timeoutMs: 5000 });
    client.close();

    assert.ok(
      result.kind === 'answer' && before <= result.sentNs && result.sentNs <= result.answeredNs,
    );
  });

  it('tells the time that the server tells, where it does', async () => {
    answer = ({ url }, response) => {
      response.sendDate = url.pathname === '/dated';
      json(response, 200, {});
    };
    const client = createKubeClient(server.connection, clock);
    const ask = (path: string) => client.request({ verb: 'get', path }, { timeoutMs: 5000 });
    const [dated, undated] = [await ask('/dated'), await ask('/undated')];
    client.close();

    assert.ok(dated.kind === 'answer' && undated.kind === 'answer');
    assert.match(dated.date ?? '', /^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/);
    assert.equal(undated.date, null);
  });

  it('gives up a request whose answer does not come in time, and says that it was sent', async () => {
    answer = () => {};
    const client = createKubeClient(server.connection, clock);
    const result = await client.request({ verb: 'get', path: '/' }, { timeoutMs: 100 });
    client.close();

    assert.ok(result.kind === 'failed' && result.reason === 'timeout' && result.sentNs !== null);
  });

  it('says of an unreachable server that nothing was sent', async () => {
    server.stop();
    const client = createKubeClient(server.connection, clock);
    const result = await client.request({ verb: 'create', path: '/' }, { timeoutMs: 5000 });
    client.close();

    assert.ok(result.kind === 'failed' && result.reason === 'network' && result.sentNs === null);
    assert.match(result.message, /ECONNREFUSED/);
  });

  it('asks for fresh credentials once when it is refused', async () => {
    let asked = 0;
    answer = (request, response) =>
      json(response, request.headers.authorization === 'Bearer 2' ? 200 : 401, {});
    const connection = {
      ...server.connection,
      credentials: async () => {
        const given = await server.connection.credentials();
        return { ...given, headers: { Authorization: `Bearer ${++asked}` } };
      },
    };
    const client = createKubeClient(connection, clock);
    const result = await client.request({ verb: 'get', path: '/' }, { timeoutMs: 5000 });
    client.close();

    assert.equal(result.kind === 'answer' && result.status, 200);
    assert.equal(asked, 2);
  });

  it('says in every request who asks', async () => {
    answer = (_, response) => json(response, 200, {});
    const clients = [
      createKubeClient(server.connection, clock),
      createKubeClient(server.connection, clock, 'kube-latency-pod-prober'),
    ];
    for (const client of clients) {
      await client.request({ verb: 'get', path: '/' }, { timeoutMs: 5000 });
      client.close();
    }
    const [general, named] = server.taken.map((request) => request.headers['user-agent']);

    assert.match(general ?? '', /^kube-latency\/\d/);
    assert.match(named ?? '', /^kube-latency-pod-prober\/\d/);
  });

  for (const { verb, times } of [
    { verb: 'create', times: 1 },
    { verb: 'delete', times: 2 },
  ] as const) {
    it(`sends a ${verb} ${times}x when the connection it reused breaks`, async () => {
      let breaks = 0;
      answer = ({ method }, response) => {
        if (method !== 'GET' && breaks++ === 0) response.destroy();
        else json(response, 200, {});
      };
      const client = createKubeClient(server.connection, clock);
      await client.request({ verb: 'get', path: '/' }, { timeoutMs: 5000 });
      const result = await client.request({ verb, path: '/' }, { timeoutMs: 5000 });
      client.close();

      assert.equal(server.taken.length, 1 + times);
      assert.equal(result.kind, times === 1 ? 'failed' : 'answer');
      assert.notEqual(result.sentNs, null);
    });
  }

  it('does not send a request whose signal ends while it waits for its turn', async () => {
    const stop = new AbortController();
    const full = Promise.withResolvers<void>();
    const held: (() => void)[] = [];
    answer = (_, response) => {
      if (held.push(() => json(response, 200, {})) === 32) full.resolve();
    };
    const client = createKubeClient(server.connection, clock);
    const limits = { timeoutMs: 10_000 };
    const first = Array.from({ length: 32 }, () =>
      client.request({ verb: 'get', path: '/' }, limits),
    );
    await full.promise;
    const waiting = client.request(
      { verb: 'create', path: '/' },
      { ...limits, signal: stop.signal },
    );
    stop.abort();
    const result = await waiting;
    for (const release of held) release();
    await Promise.all(first);
    client.close();

    assert.ok(result.kind === 'failed' && result.reason === 'cancelled' && result.sentNs === null);
    assert.equal(server.taken.length, 32);
  });

  it('has no more than 32 requests in flight', async () => {
    let inFlight = 0;
    let most = 0;
    answer = (_, response) => {
      most = Math.max(most, ++inFlight);
      setImmediate(() => {
        inFlight--;
        json(response, 200, {});
      });
    };
    const client = createKubeClient(server.connection, clock);
    const limits = { timeoutMs: 10_000 };
    const all = Array.from({ length: 200 }, () =>
      client.request({ verb: 'get', path: '/' }, limits),
    );
    const results = await Promise.all(all);
    client.close();

    assert.ok(results.every((result) => result.kind === 'answer'));
    assert.ok(most <= 32);
  });
});

describe('statusMessage', () => {
  it('reads the sentence of a Status', () => {
    assert.equal(
      statusMessage({ kind: 'Status', message: 'pods "a"\n not found' }),
      'pods "a" not found',
    );
  });

  it('is undefined for anything else', () => {
    assert.deepEqual([null, 'x', {}, { message: 5 }].map(statusMessage), Array(4).fill(undefined));
  });
});
