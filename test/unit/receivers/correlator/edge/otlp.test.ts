import assert from 'node:assert/strict';

import { createOtlpClient } from '../../../../../receivers/correlator/edge/otlp-client.ts';
import { startOtlpServer } from '../../../../../receivers/correlator/edge/otlp-server.ts';
import { StartupError } from '../../../../../receivers/shared/errors.ts';

const patient = (): AbortSignal => new AbortController().signal;
const endpoint = '127.0.0.1:0';

describe('OTLP over gRPC', () => {
  it('carries requests as the bytes they are, and refusals as not to be tried again', async () => {
    const received: Buffer[] = [];
    const receive = (request: Buffer): string | undefined => {
      received.push(request);
      return request.length === 3 ? 'three bytes' : undefined;
    };
    const server = await startOtlpServer({ endpoint, maxRequestBytes: 1000, receive });
    const client = createOtlpClient(`127.0.0.1:${server.port}`);

    const taken = await client.export(Buffer.from('bytes'), 5000, patient());
    const refused = await client.export(Buffer.from('abc'), 5000, patient());
    const tooLong = await client.export(Buffer.alloc(2000), 5000, patient());

    assert.deepEqual(taken, { kind: 'delivered', response: Buffer.alloc(0) });
    assert.deepEqual(refused, { kind: 'refused', problem: 'three bytes' });
    assert.equal(tooLong.kind, 'retry');
    assert.deepEqual(received.map(String), ['bytes', 'abc']);
    client.close();
    await server.stop(patient());
  });

  it('says that a receiver that is away is to be tried again', async () => {
    const server = await startOtlpServer({
      endpoint,
      maxRequestBytes: 1000,
      receive: () => undefined,
    });
    await server.stop(patient());
    const client = createOtlpClient(`127.0.0.1:${server.port}`);

    const away = await client.export(Buffer.from('bytes'), 5000, patient());

    assert.equal(away.kind, 'retry');
    client.close();
  });

  it('does not start on a port that is taken', async () => {
    const options = { maxRequestBytes: 1000, receive: () => undefined };
    const server = await startOtlpServer({ endpoint, ...options });

    await assert.rejects(
      startOtlpServer({ endpoint: `127.0.0.1:${server.port}`, ...options }),
      StartupError,
    );
    await server.stop(patient());
    await server.stop(AbortSignal.abort());
  });
});
