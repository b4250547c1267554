import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { createReviewCounts } from '../../../../operator/webhook/counts.ts';
import {
  startWebhookServer,
  webhookPath,
  type WebhookServer,
} from '../../../../operator/webhook/server.ts';
import { pod } from '../../../support/operator/pods.ts';
import { admissionReview, readAnswer } from '../../../support/operator/reviews.ts';
import { servingPair } from '../../../support/operator/serving-pair.ts';
import { webhookClient, type WebhookClient } from '../../../support/operator/webhook-client.ts';
import { injector } from './fuzz/fuzz.ts';

const asked = admissionReview(pod());

describe('the webhook’s server', () => {
  let certificate: Awaited<ReturnType<typeof servingPair>>;
  let server: WebhookServer;
  let client: WebhookClient;
  const counts = createReviewCounts();

  before(async () => {
    certificate = await servingPair();
    server = await startWebhookServer({
      port: 0,
      host: '127.0.0.1',
      pair: certificate.pair,
      injector,
      counts,
    });
    client = webhookClient(server.port, certificate.ca);
  });

  after(async () => {
    client.close();
    await server.close();
  });

  async function open(): Promise<TLSSocket> {
    const { ca } = certificate;
    const socket = connect({ host: '127.0.0.1', port: server.port, ca });
    await once(socket, 'secureConnect');
    return socket;
  }

  /** Sends the head of a request and a part of its body, and reads what comes back until the connection ends. */
  async function sendPart(body: string, length: number): Promise<string> {
    const socket = await open();
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.write(
      `POST ${webhookPath} HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n${body}`,
    );
    await once(socket, 'close');
    return text;
  }

  it('answers, and counts what came of it', async () => {
    const before = counts.of('injected');

    const { status, text } = await client.post(JSON.stringify(asked));

    assert.equal(status, 200);
    assert.equal(readAnswer(text).uid, asked.request.uid);
    assert.ok(readAnswer(text).patch);
    assert.equal(counts.of('injected') - before, 1);
  });

  it('knows one path', async () => {
    const { status } = await client.post(JSON.stringify(asked), '/validate');

    assert.equal(status, 404);
  });

  it('lets a pod through whose request is longer than it reads', async () => {
    const long = admissionReview(pod({ metadata: { annotations: { a: 'x'.repeat(2 ** 21) } } }));

    const { status, text } = await client.post(JSON.stringify(long));

    assert.deepEqual(
      [status, readAnswer(text)],
      [200, { uid: asked.request.uid, patch: undefined }],
    );
    assert.equal(counts.of('too-large'), 1);
  });

  it('lets a pod through whose request does not arrive, within less than 2 s', async () => {
    const whole = JSON.stringify(asked);
    const startedMs = performance.now();

    const text = await sendPart(whole.slice(0, 200), whole.length);

    assert.match(text, /^HTTP\/1.1 200 OK\r\n/);
    const answer = text.slice(text.indexOf('\r\n\r\n') + 4).split('\r\n');
    assert.equal(
      readAnswer(answer.find((line) => line.startsWith('{')) ?? '').uid,
      asked.request.uid,
    );
    assert.ok(performance.now() - startedMs < 1900);
    assert.equal(counts.of('too-slow'), 1);
  });

  it('reads so much at once, and lets the others through', async () => {
    const half = { ...certificate, bytes: 900 * 1024 };
    const parts = Array.from({ length: 24 }, () =>
      sendPart(JSON.stringify(asked).padEnd(half.bytes), half.bytes + 1),
    );

    const texts = await Promise.all(parts);

    assert.ok(texts.every((text) => text.startsWith('HTTP/1.1 200 OK')));
    assert.ok(counts.of('busy') > 0 && counts.of('busy') < 24, String(counts.of('busy')));
    assert.ok(readAnswer((await client.post(JSON.stringify(asked))).text).patch);
  });

  it('outlives those who leave, and those who speak something else', async () => {
    const leaving = await open();
    leaving.write(`POST ${webhookPath} HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{`);
    leaving.destroy();
    const babbling = await open();
    babbling.end('\u0000'.repeat(1000));
    await once(babbling.resume(), 'close');

    const { text } = await client.post(JSON.stringify(asked));

    assert.ok(readAnswer(text).patch);
  });

  it('serves another certificate to whoever connects after it was changed', async () => {
    const next = await servingPair();
    const post = async (by: WebhookClient) =>
      readAnswer((await by.post(JSON.stringify(asked))).text);
    await post(client);

    server.serve(next.pair);

    const after = webhookClient(server.port, next.ca);
    assert.ok((await post(after)).patch);
    after.close();
    await assert.rejects(open());
    assert.ok((await post(client)).patch, 'its connection was open before');
    server.serve(certificate.pair);
  });

  it('closes within a second, twice if need be, though a request is under way', async () => {
    const other = await startWebhookServer({
      port: 0,
      host: '127.0.0.1',
      pair: certificate.pair,
      injector,
      counts: createReviewCounts(),
    });
    const socket = connect({ host: '127.0.0.1', port: other.port, ca: certificate.ca });
    await once(socket, 'secureConnect');
    socket.on('error', () => undefined);
    socket.write(`POST ${webhookPath} HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{`);
    const startedMs = performance.now();

    await Promise.all([other.close(), other.close()]);

    assert.ok(performance.now() - startedMs < 1900);
  });

  it('says where it cannot listen', async () => {
    const { pair } = certificate;

    await assert.rejects(
      startWebhookServer({ port: server.port, host: '127.0.0.1', pair, injector, counts }),
      { name: 'StartupError', message: new RegExp(`^listening on port ${server.port}: `) },
    );
  });
});
