import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { latestProcesses, readJournal } from '../../../local/host/journal.ts';
import { localPaths } from '../../../local/paths.ts';
import { start } from '../../support/command.ts';
import { eventually } from '../../support/eventually.ts';

/** Makes each write and each sync of etcd's log take longer. Resolves, once it does, with what ends it. */
export async function slowDisk(delaySeconds: number): Promise<() => Promise<void>> {
  const paths = localPaths(process.env);
  const etcd = latestProcesses(readJournal(paths.journal)).get('etcd');
  assert.ok(etcd !== undefined, 'no etcd');
  const folder = join(paths.clusterDir, 'etcd/member/wal');
  const segments = (await readdir(folder)).filter((name) => name.endsWith('.wal')).toSorted();
  const calls = 'write,fsync,fdatasync';
  const delay = `${calls}:delay_enter=${delaySeconds * 1_000_000}`;
  const tracer = start(
    'strace',
    [
      '-f',
      `--attach=${etcd.pid}`,
      `--trace-path=${join(folder, segments.at(-1) ?? '')}`,
      `--trace=${calls}`,
      `--inject=${delay}`,
      '--output=/dev/null',
    ],
    { timeoutMs: 60_000 },
  );
  await eventually(() => assert.match(tracer.stderr(), /attached/), { withinMs: 10_000 });
  return async () => {
    tracer.child.kill('SIGINT');
    await tracer.finished;
  };
}
