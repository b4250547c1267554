import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

import { loadLibc, type Libc } from '../../../../../receivers/shared/packets/libc.ts';
import { socketAddress } from '../../../../../receivers/shared/packets/socket-address.ts';
import {
  beginConnect,
  type TcpState,
} from '../../../../../receivers/shared/packets/tcp-connect.ts';

describe('beginConnect', () => {
  let libc: Libc;
  before(async () => {
    const loaded = await loadLibc();
    assert.equal(loaded.kind, 'loaded');
    ({ libc } = loaded);
  });

  /** What is seen of a connection once the server is through with it. */
  async function stateAfter(serve: (socket: Socket) => Promise<void>): Promise<TcpState> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const begun = beginConnect(libc, socketAddress('127.0.0.1', port) ?? assert.fail());
    assert.equal(begun.kind, 'begun');
    const [socket] = (await once(server, 'connection')) as [Socket];
    try {
      await serve(socket);
      return begun.connect.look();
    } finally {
      begun.connect.close();
      socket.destroy();
      server.close();
    }
  }

  it('is timed by the kernel where the server accepts', async () => {
    const state = await stateAfter(() => Promise.resolve());

    assert.equal(state.kind, 'connected');
  });

  it('is connected where the server accepted and ended before anybody looked', async () => {
    const state = await stateAfter(async (socket) => {
      socket.end();
      await once(socket, 'finish');
    });

    assert.equal(state.kind, 'connected');
    assert.ok(state.rttNs > 0);
  });

  it('has failed where the server reset it', async () => {
    const state = await stateAfter(async (socket) => {
      socket.resetAndDestroy();
      await once(socket, 'close');
    });

    assert.deepEqual(state, { kind: 'failed', errno: 'ECONNRESET' });
  });
});
