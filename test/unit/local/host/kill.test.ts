import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { killAll } from '../../../../local/host/kill.ts';

const sleep = 'setInterval(() => {}, 1000)';

describe('killAll()', () => {
  it('ends marked processes with their children, and leaves others alone', async () => {
    const mark = `/marked/${process.pid}`;
    const parent = `
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(sleep)}], { env: {}, stdio: 'ignore' });
      process.stdout.write('started'); ${sleep}`;
    const marked = spawn(process.execPath, ['-e', parent], { env: { MARK: mark }, detached: true });
    const other = spawn(process.execPath, ['-e', sleep], { env: { MARK: `${mark}2` } });
    await Promise.all([once(marked.stdout, 'data'), once(other, 'spawn')]);
    const ended = once(marked, 'exit');

    try {
      const killed = await killAll({ variable: `MARK=${mark}`, cgroups: [], processes: [] });

      assert.deepEqual(await ended, [null, 'SIGKILL']);
      assert.equal(killed.length, 2);
      assert.ok(killed.some(({ pid }) => pid === marked.pid));
      assert.equal(other.exitCode ?? other.signalCode, null);
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('has nothing to do where no process is marked', async () => {
    const marks = { variable: 'MARK=/nobody', cgroups: ['/nobody'], processes: [] };

    assert.deepEqual(await killAll(marks), []);
  });
});
