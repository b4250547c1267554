import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';

import { awaitFirstPacket, type Transport } from '../../../../receivers/pod-prober/first-packet.ts';
import type { FirstPacketRecord } from '../../../../receivers/pod-prober/probe-record.ts';
import { createWallClock, processClocks } from '../../../../receivers/shared/wall-clock.ts';
import { inOwnNetwork, mayMakeNetworks } from '../../../support/own-network.ts';

const clock = createWallClock(processClocks);

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}

function hunt(
  transport: Transport,
  port: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<FirstPacketRecord> {
  const target = { address: '127.0.0.1', port };
  return awaitFirstPacket({ transport, target, clock, knownNs: clock.nowNs() }, signal, () => true);
}

describe('awaitFirstPacket', () => {
  it('is answered by a TCP server that accepts', async () => {
    const server = createServer();
    const packet = await hunt('tcp', await listening(server));
    server.close();

    assert.equal(packet.answer, 'accepted');
    assert.equal(packet.failure, null);
    assert.ok(packet.endNs >= packet.startNs);
  });

  it('takes a refused TCP connection as an answer of the network stack', async () => {
    const packet = await hunt('tcp', await closedPort());

    assert.equal(packet.answer, 'refused');
    assert.equal(packet.attempts, 1);
    assert.equal(packet.gapNs, 0n);
  });

  it('is answered by any HTTP status line', async () => {
    const server = createHttpServer((_, response) => response.writeHead(404).end());
    const packet = await hunt('http', await listening(server));
    server.close();

    assert.equal(packet.answer, 'HTTP 404');
  });

  it('goes on attempting until something listens, and knows how much earlier that may have been', async () => {
    const port = await closedPort();
    const server = createHttpServer((_, response) => response.end());
    const packet = hunt('http', port);
    server.listen(port, '127.0.0.1');
    const { answer, attempts, gapNs, failure } = await packet;
    server.close();

    assert.deepEqual([answer, failure], ['HTTP 200', null]);
    assert.ok(attempts === 1 || gapNs > 0n);
  });

  it('is answered by an echo reply, when the kernel received it', async function () {
    if (!mayMakeNetworks) this.skip();
    await inOwnNetwork(async () => {
      const { answer, attempts, endNs, startNs } = await hunt('icmp', 0);

      assert.deepEqual([answer, attempts], ['echo reply', 1]);
      assert.ok(endNs > startNs && endNs < startNs + 1_000_000_000n);
    });
  });

  it('tells what was attempted when it is stopped without an answer', async () => {
    const stop = new AbortController();
    const port = await closedPort();
    const packet = hunt('http', port, stop.signal);
    setImmediate(() => stop.abort());
    const { failure, answer } = await packet;

    assert.equal(answer, null);
    assert.equal(failure?.reason, 'cancelled');
    assert.match(failure.message, new RegExp(`^http to 127.0.0.1:${port}: `));
  });
});
