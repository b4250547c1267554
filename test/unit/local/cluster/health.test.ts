import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHealth } from '../../../../local/cluster/health.ts';

const context = { credentials: { ca: '', cert: '', key: '' }, nodeProcess: process.pid };

describe('checkHealth()', () => {
  for (const [status, said] of [
    [200, 'ok'],
    [503, 'answered with status 503'],
  ] as const)
    it(`says "${said}" of a server that answers with ${status}`, async () => {
      const server = createServer((_, answer) => answer.writeHead(status).end());
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;

      try {
        const url = `http://127.0.0.1:${port}/healthz`;
        assert.equal(await checkHealth({ kind: 'http', url }, context), said);
      } finally {
        server.close();
      }
    });

  it('says why where nobody listens', async () => {
    const said = await checkHealth({ kind: 'http', url: 'http://127.0.0.1:1/' }, context);

    assert.match(said, /ECONNREFUSED/);
  });

  it('reaches a socket in the file system that the node sees', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'health-'));
    const path = join(folder, 'containerd.sock');
    const server = createSocketServer((socket) => socket.destroy()).listen(path);
    await once(server, 'listening');

    try {
      assert.equal(await checkHealth({ kind: 'socket-in-node', path }, context), 'ok');
      const missing = { kind: 'socket-in-node', path: `${path}2` } as const;
      assert.match(await checkHealth(missing, context), /ENOENT/);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
