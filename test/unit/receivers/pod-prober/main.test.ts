import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { startFakeApiServer, type FakeApiServer } from '../shared/kubernetes/fake-api-server.ts';

const main = fileURLToPath(new URL('../../../../receivers/pod-prober/main.ts', import.meta.url));

type Program = ChildProcessByStdio<null, Readable, Readable>;

function run(args: readonly string[], nodeArgs: readonly string[] = []): Program {
  return spawn(process.execPath, [...nodeArgs, main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function complaints(program: Program): () => string {
  let text = '';
  program.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

describe('pod-prober/main.ts', () => {
  it('takes it for no failure when nobody reads its output', async () => {
    const program = run(['--help']);
    const said = complaints(program);
    program.stdout.destroy();

    assert.deepEqual(await once(program, 'close'), [0, null]);
    assert.equal(said(), '');
  });

  describe('while it waits for the API server', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kube-latency-main-'));
    let server: FakeApiServer;
    let asked: Promise<void>;
    let args: readonly string[];

    beforeEach(async () => {
      const first = Promise.withResolvers<void>();
      asked = first.promise;
      // Never answers.
      server = await startFakeApiServer(() => first.resolve());
      const cluster = {
        server: server.connection.server.origin,
        'insecure-skip-tls-verify': true,
      };
      const kubeconfig = join(folder, 'config');
      const content = {
        clusters: [{ name: 'c', cluster }],
        users: [{ name: 'u', user: { token: 'secret' } }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      };
      writeFileSync(kubeconfig, JSON.stringify(content));
      args = ['--kubeconfig', kubeconfig];
    });

    afterEach(() => server.stop());
    after(() => rmSync(folder, { recursive: true }));

    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      it(`stops on ${signal}`, async () => {
        const program = run(args);
        await asked;
        program.kill(signal);

        assert.deepEqual(await once(program, 'close'), [1, null]);
      });
    }

    it('stops on a fault of its own, which it tells in one line', async () => {
      // Throws from a timer, where nothing catches.
      const fault = `process.on('SIGUSR2', () => setTimeout(() => { throw new Error('a fault') }))`;
      const source = `data:text/javascript,${encodeURIComponent(fault)}`;
      const program = run(args, ['--import', source]);
      const said = complaints(program);
      await asked;
      program.kill('SIGUSR2');

      assert.deepEqual(await once(program, 'close'), [1, null]);
      assert.match(said(), /^pod-prober: a fault$/m);
      assert.doesNotMatch(said(), /^ +at /m);
    });
  });
});
