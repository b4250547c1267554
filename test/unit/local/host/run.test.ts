import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runOk } from '../../../../local/host/run.ts';
import { eventually } from '../../../support/eventually.ts';

describe('run()', () => {
  it('gives exit code and output', async () => {
    const result = await run('sh', ['-c', 'cat; echo no >&2; exit 3'], { input: 'yes' });

    assert.deepEqual(result, { code: 3, stdout: 'yes', stderr: 'no\n' });
  });

  for (const group of [true, false])
    it(`ends by the signal ${group ? 'also' : 'without'} what the program has started`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'kube-latency-run-'));
      const file = join(folder, 'pid');
      const stop = new AbortController();
      const script = `sleep 60 & echo $! > ${file}; wait`;
      const running = run('sh', ['-c', script], { signal: stop.signal, group });
      const childOf = async (): Promise<number> => Number(await readFile(file, 'utf8'));
      try {
        await eventually(async () => assert.ok((await childOf()) > 0));
        const child = await childOf();
        stop.abort();

        await assert.rejects(running, { name: 'AbortError' });
        if (group) await eventually(() => assert.ok(!alive(child)));
        else {
          assert.ok(alive(child));
          process.kill(child, 'SIGKILL');
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    });

  it('ends nobody when the signal comes after the end', async () => {
    const stop = new AbortController();
    await run('true', [], { signal: stop.signal, group: true });

    stop.abort();
  });
});

describe('runOk()', () => {
  it('tells command line and error output of what failed', async () => {
    await assert.rejects(runOk('sh', ['-c', 'echo broken >&2; exit 2']), {
      message: 'sh -c echo broken >&2; exit 2: exit code 2: broken',
    });
  });
});

/** A zombie is not: nobody has to have waited for it yet. */
function alive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
