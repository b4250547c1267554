import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { bundle } from '../../../build/bundle.ts';

describe('a bundle that uses koffi', function () {
  this.timeout(30_000);

  it('calls the C library away from the repository', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    try {
      await bundle('receivers/rtt-pinger/main.ts', folder);
      await writeFile(
        join(folder, 'calls.mjs'),
        "import koffi from 'koffi'; console.log(koffi.load('libc.so.6').func('int getpid()')() === process.pid);",
      );
      const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'calls.mjs')]);

      assert.equal(stdout, 'true\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
