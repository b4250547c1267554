import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { followKmsg } from '../../../../../receivers/log-tailer/logs/kmsg.ts';
import { until } from '../../../../support/until.ts';

describe("the kernel's ring buffer", () => {
  it('is read record by record, each as one line', async function () {
    if (!existsSync('/dev/kmsg')) this.skip();
    const stop = new AbortController();
    const lines: string[] = [];
    let problem: string | undefined;
    const mark = `kube-latency test ${process.pid}`;
    const ended = followKmsg({
      path: '/dev/kmsg',
      signal: stop.signal,
      onChunk: ({ bytes }) => void lines.push(bytes.toString('utf8')),
      onProblem: (text) => (problem = text),
    });
    await writeFile('/dev/kmsg', `<6>${mark}\n`).catch(() => undefined);
    await until(() => problem !== undefined || lines.some((each) => each.includes(mark)));
    stop.abort();
    await ended;
    if (problem !== undefined) this.skip();

    assert.ok(lines.every((each) => /^\d+,\d+,\d+,[^;]*;.*\n$/s.test(each)));
    assert.ok(lines.every((each) => each.indexOf('\n') === each.length - 1));
  });

  it('says why it cannot be read', async () => {
    let problem = '';
    await followKmsg({
      path: '/nonexistent/kmsg',
      signal: new AbortController().signal,
      onChunk: () => undefined,
      onProblem: (text) => (problem = text),
    });

    assert.match(problem, /ENOENT/);
  });

  it('ends when it is to, though nothing comes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-kmsg-'));
    const path = join(folder, 'kmsg');
    await writeFile(path, '6,1,0,-;Linux version 6.1\n SUBSYSTEM=x\n');
    const stop = new AbortController();
    const lines: string[] = [];
    const ended = followKmsg({
      path,
      signal: stop.signal,
      onChunk: ({ bytes }) => void lines.push(bytes.toString('utf8')),
      onProblem: () => undefined,
    });
    await until(() => lines.length === 1);

    stop.abort();
    await ended;
    await rm(folder, { recursive: true });

    assert.deepEqual(lines, ['6,1,0,-;Linux version 6.1\n']);
  });
});
