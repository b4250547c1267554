import assert from 'node:assert/strict';

import { loadConfig } from '../../../../receivers/correlator/config.ts';
import { createOtlpClient } from '../../../../receivers/correlator/edge/otlp-client.ts';
import {
  startOtlpServer,
  type OtlpServer,
} from '../../../../receivers/correlator/edge/otlp-server.ts';
import { createReceiver, type Receiver } from '../../../../receivers/correlator/receiver.ts';
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
    const checks = await Promise.all(
      ['/healthz', '/readyz', '/else'].map((check) => health(healthPort, check)),
    );
    await receiver.shutdown(patient());

    assert.ok(copies.every((copy) => copy.traceId === podTrace('p1')));
    assert.deepEqual(checks, [200, 200, 404]);
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
    }).timeout(5000);
});
