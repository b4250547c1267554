import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { checkPorts } from '../../../../local/host/ports.ts';
import { LocalClusterError } from '../../../../local/errors.ts';

describe('checkPorts()', () => {
  it('names the port, its use and the process that has it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    try {
      assert.throws(
        () => checkPorts([{ address: '127.0.0.1', port, component: 'etcd' }]),
        (error) =>
          error instanceof LocalClusterError &&
          error.exitCode === 2 &&
          error.message.startsWith(`port ${port} (etcd, on 127.0.0.1) is taken by `) &&
          error.message.endsWith(
            `(process ${process.pid}); stop it, or take --on kind, which needs none of them`,
          ),
      );
    } finally {
      server.close();
    }
  });
});
