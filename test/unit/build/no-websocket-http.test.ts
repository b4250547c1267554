import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../../../build/bundle.ts';
import * as lean from '../../../build/no-websocket-http.ts';

const left = ['WebSocket', 'CloseEvent', 'MessageEvent', '_connectionListener'];

describe('node:http in bundles', () => {
  it('has all that node:http has, but what loads undici', () => {
    const wanted = Object.keys(http).filter((name) => !left.includes(name));

    assert.deepEqual(
      Object.keys(lean).filter((name) => name !== 'default'),
      wanted.toSorted(),
    );
    assert.equal(lean.default, http);
    assert.equal(lean.request, http.request);
  });

  it('does not load undici when a bundled program starts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    try {
      const entry = await bundle('local/health-probe/main.ts', folder);
      const tell = join(folder, 'tell.mjs');
      await writeFile(
        tell,
        `process.on('exit', () => process._rawDebug(process.moduleLoadList.filter((name) => /undici|_http_client/.test(name)).join()));`,
      );
      const args = ['--import', tell, entry, 'http://127.0.0.1:1/'];
      const failed = promisify(execFile)(process.execPath, args);

      await assert.rejects(failed, ({ stderr }: { stderr: string }) => {
        assert.match(stderr, /_http_client/);
        assert.doesNotMatch(stderr, /undici/);
        return true;
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
