import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));

describe('cli/main.ts', () => {
  it('ends with the exit code of its command', async () => {
    const command = run(['no-such-command']);

    assert.deepEqual(await once(command, 'close'), [2, null]);
  });

  it('takes it for no failure when nobody reads its output', async () => {
    const command = run(['--help']);
    command.stdout.destroy();
    let complaints = '';
    command.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));

    assert.deepEqual(await once(command, 'close'), [0, null]);
    assert.equal(complaints, '');
  });

  describe('under signals', () => {
    let silent: Server;
    let backend: string;

    beforeEach(async () => {
      silent = createServer();
      silent.listen(0, '127.0.0.1');
      await once(silent, 'listening');
      backend = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    });

    afterEach(() => {
      silent.closeAllConnections();
      silent.close();
    });

    it('stops what it does, with one line, on a fault of its own', async () => {
      // Throws from a timer, where nothing catches, once the command waits.
      const fault = `process.on('SIGUSR2', () => setTimeout(() => { throw new Error('a fault') }))`;
      const command = run(
        ['trace', 'last', '--backend', backend],
        ['--import', `data:text/javascript,${encodeURIComponent(fault)}`],
      );
      await once(silent, 'request');
      command.kill('SIGUSR2');
      let complaints = '';
      command.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));

      assert.deepEqual(await once(command, 'close'), [1, null]);
      assert.equal(complaints, 'kube-latency: a fault\nkube-latency: interrupted\n');
    });

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      it(`stops what it does on ${signal}`, async () => {
        const command = run(['trace', 'last', '--backend', backend]);
        await once(silent, 'request');
        command.kill(signal);
        let complaints = '';
        command.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));

        assert.deepEqual(await once(command, 'close'), [1, null]);
        assert.equal(complaints, 'kube-latency: interrupted\n');
      });
    }
  });
});

function run(args: readonly string[], nodeArgs: readonly string[] = []) {
  return spawn(process.execPath, [...nodeArgs, main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
