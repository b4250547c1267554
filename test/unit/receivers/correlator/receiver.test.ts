import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { loadConfig } from '../../../../receivers/correlator/config.ts';
import { createOtlpClient } from '../../../../receivers/correlator/edge/otlp-client.ts';
import {
  startOtlpServer,
  type OtlpServer,
} from '../../../../receivers/correlator/edge/otlp-server.ts';
import { createReceiver, type Receiver } from '../../../../receivers/correlator/receiver.ts';
import { createKubeClient } from '../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../receivers/shared/wall-clock.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
} from '../shared/kubernetes/fake-api-server.ts';
import { createFakeApi, podObject, silent, stoppedClock, type FakeApi } from './edge/fake-api.ts';
import { podTrace, probePod, syncSpans, traceId, uid } from './harness.ts';
import { decodeRequest, encodeRequest, type DecodedSpan } from './otlp.ts';

const pod = probePod('p1');
const annotations = { 'tracing.k8s.io/traceparent': String(pod.traceparent) };
const path = '/api/v1/pods';
const patient = (): AbortSignal => new AbortController().signal;
const request = encodeRequest([{ service: 'kubelet', spans: syncSpans(traceId('sync'), pod) }]);

interface Running {
  readonly receiver: Receiver;
  readonly api: FakeApi;
  readonly sink: OtlpServer;
  readonly copies: DecodedSpan[];
  /** Resolves when the sink has got so many spans. */
  readonly got: (count: number) => Promise<void>;
}

async function arrange(
  items: readonly object[],
  places: { readonly send?: string; readonly listen?: string } = {},
): Promise<Running> {
  const api = createFakeApi(items);
  const copies: DecodedSpan[] = [];
  let changed = (): void => undefined;
  const sink = await startOtlpServer({
    endpoint: '127.0.0.1:0',
    maxRequestBytes: 1_000_000,
    receive: (bytes) => {
      copies.push(...decodeRequest(bytes));
      changed();
      return undefined;
    },
  });
  const config = {
    ...loadConfig({}, { K8S_NODE_NAME: 'n1' }),
    listen: '127.0.0.1:0',
    health: '127.0.0.1:0',
    send: `127.0.0.1:${sink.port}`,
    ...places,
  };
  const resource = { 'service.name': 'correlator' };
  const receiver = createReceiver({
    config,
    resource,
    client: api.client,
    clock: stoppedClock,
    log: silent,
  });
  const got = (count: number): Promise<void> =>
    new Promise((resolve) => {
      changed = () => {
        if (copies.length >= count) resolve();
      };
      changed();
    });
  return { receiver, api, sink, copies, got };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function hand(port: number, bytes: Buffer): Promise<string> {
  const client = createOtlpClient(`127.0.0.1:${port}`);
  const delivery = await client.export(bytes, 5000, patient());
  client.close();
  return delivery.kind;
}

const health = async (port: number, check: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}${check}`)).status;

describe('the correlator as it runs', () => {
  it('takes spans, waits for their pod, sends copies, and is well meanwhile', async () => {
    const { receiver, api, sink, copies, got } = await arrange([]);
    const { port, healthPort } = await receiver.start();

    assert.equal(await hand(port, request), 'delivered');
    api.tell(path, { type: 'ADDED', object: podObject('p1', uid('p1'), { annotations }) });
    await got(2);
    const { pods, watchesLive } = receiver.counts;
    const checks = await Promise.all(
      ['/healthz', '/readyz', '/else'].map((check) => health(healthPort, check)),
    );
    await receiver.shutdown(patient());

    assert.ok(copies.every((copy) => copy.traceId === podTrace('p1')));
    assert.deepEqual(checks, [200, 200, 404]);
    assert.deepEqual([pods, watchesLive], [1, 1]);
    assert.equal(receiver.counts.delivered, 2);
    await sink.stop(patient());
  });

  it('sends what it holds before it stops', async () => {
    const { receiver, sink, copies } = await arrange([podObject('p1', uid('p1'), { annotations })]);
    const { port } = await receiver.start();

    await hand(port, request);
    await receiver.shutdown(patient());

    assert.equal(copies.length, 2);
    await sink.stop(patient());
  });

  it('refuses a request that is none, and counts it', async () => {
    const { receiver, sink } = await arrange([]);
    const { port } = await receiver.start();

    assert.equal(await hand(port, Buffer.from('not OTLP')), 'refused');
    assert.equal(receiver.counts.malformedRequests, 1);
    await receiver.shutdown(patient());
    await sink.stop(patient());
  });

  it('stops within its deadline although the agent is gone, and counts what is lost', async () => {
    const { receiver, sink } = await arrange([podObject('p1', uid('p1'), { annotations })]);
    const { port } = await receiver.start();
    await sink.stop(AbortSignal.abort());

    await hand(port, request);
    await receiver.shutdown(AbortSignal.timeout(200));

    assert.equal(receiver.counts.dropped.shutdown, 2);
  });

  it('sends all that waited, although it is as much as may wait, and comes out at once', async () => {
    const { receiver, sink, copies, got } = await arrange([
      podObject('p1', uid('p1'), { annotations }),
    ]);
    const { port } = await receiver.start();
    const spans = Array.from({ length: 108 }, (_, n) => syncSpans(traceId(`sync ${n}`), pod));
    const roots = spans.flatMap(([, root]) => (root === undefined ? [] : [root]));
    for (const [client] of spans) {
      const name = 'n'.repeat(75_000);
      const waiting = client === undefined ? [] : [{ ...client, name }];
      await hand(port, encodeRequest([{ service: 'kubelet', spans: waiting }]));
    }
    assert.ok(receiver.counts.heldBytes > 8_000_000);

    await hand(port, encodeRequest([{ service: 'kubelet', spans: roots }]));
    await got(216);

    assert.equal(copies.length, 216);
    assert.equal(receiver.counts.dropped.queue_full, 0);
    await receiver.shutdown(patient());
    await sink.stop(patient());
  });

  it('stops before it was started, and twice', async () => {
    const { receiver, sink } = await arrange([]);

    await receiver.shutdown(patient());
    await receiver.shutdown(patient());
    await sink.stop(patient());
  });

  it('leaves nothing open when it cannot start', async () => {
    const again = await arrange([]);
    const { receiver, sink } = await arrange([], { listen: `127.0.0.1:${again.sink.port}` });

    await assert.rejects(receiver.start(), /EADDRINUSE|No address/);

    const { port } = await again.receiver.start();
    assert.ok(port > 0);
    await again.receiver.shutdown(patient());
    await Promise.all([sink, again.sink].map((each) => each.stop(patient())));
  });

  it('is ready while it knows the pods: not before the list, nor long after the API server went', async () => {
    const interruptionMs = 500;
    let listing = false;
    let listed = (): void => undefined;
    const serve = (port?: number): Promise<FakeApiServer> =>
      startFakeApiServer(({ url }, response) => {
        response.on('error', () => undefined);
        if (url.searchParams.has('watch')) return response.writeHead(200).flushHeaders();
        const list = (): void =>
          json(response, 200, { metadata: { resourceVersion: '1' }, items: [] });
        if (listing) list();
        else listed = list;
      }, port);
    const server = await serve();
    const clock = createWallClock(processClocks);
    const client = createKubeClient(server.connection, clock);
    const sinkless = { listen: '127.0.0.1:0', health: `127.0.0.1:${await freePort()}` };
    const config = { ...loadConfig({}, { K8S_NODE_NAME: 'n1' }), ...sinkless };
    const log = silent;
    const resource = { 'service.name': 'correlator' };
    const receiver = createReceiver({ config, resource, client, clock, log, interruptionMs });
    const readiness = async (): Promise<string> => {
      const answer = await fetch(`http://${config.health}/readyz`);
      return `${answer.status} ${(await answer.text()).trim()}`;
    };
    const becomes = async (expected: RegExp): Promise<void> => {
      while (!expected.test(await readiness())) await sleep(5);
    };

    const started = receiver.start();
    while (server.taken.length === 0) await sleep(1);
    const before = await readiness();
    listing = true;
    listed();
    await started;
    const after = await readiness();
    server.stop();
    const atOnce = await readiness();
    await becomes(/^503 /);
    const gone = await readiness();
    while (receiver.counts.watchesLive > 0) await sleep(10);
    const again = await serve(Number(server.connection.server.port));
    await becomes(/^200 ok$/);
    await receiver.shutdown(patient());
    client.close();
    again.stop();

    const where = '/api/v1/pods {"fieldSelector":"spec.nodeName=n1"}';
    assert.equal(before, `503 ${where} is not listed yet`);
    assert.deepEqual([after, atOnce], ['200 ok', '200 ok']);
    assert.match(gone, /^503 .api.v1.pods .* is not watched for \d+ s$/);
  });

  for (const [status, what] of [
    [0, 'is there'],
    [403, 'lets it list pods'],
  ] as const)
    it(`is not ready until the API server ${what}, and takes spans all the same`, async () => {
      const { receiver, api, sink, got } = await arrange([
        podObject('p1', uid('p1'), { annotations }),
      ]);
      api.answer(status, []);
      const started = receiver.start();
      const firstTry = new Promise<void>((resolve) => {
        const poll = setInterval(() => {
          if (api.requests.length === 0) return;
          clearInterval(poll);
          resolve();
        }, 1);
      });
      await firstTry;
      api.answer(200, [podObject('p1', uid('p1'), { annotations })]);

      const { port } = await started;
      await hand(port, request);
      await got(2);

      await receiver.shutdown(patient());
      await sink.stop(patient());
    });
});
