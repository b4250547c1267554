import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatEntry } from '../../../local/host/journal.ts';
import { processInfo } from '../../../local/host/proc.ts';
import { localProcesses } from '../../../local/inspection.ts';
import { localPaths } from '../../../local/paths.ts';

describe('localProcesses', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-inspection-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function journal(entries: readonly { component: string; startTime: string }[]) {
    const { journal: path } = localPaths({ XDG_STATE_HOME: folder });
    await mkdir(dirname(path), { recursive: true });
    const lines = entries.map((entry) =>
      formatEntry({ kind: 'process', node: null, pid: process.pid, health: null, ...entry }),
    );
    await writeFile(path, lines.join(''));
    return localProcesses({
      env: { XDG_STATE_HOME: folder },
      signal: new AbortController().signal,
    });
  }

  it('tells how what runs was started', async () => {
    const startTime = processInfo(process.pid)?.startTime ?? '';

    const [found, ...others] = await journal([{ component: 'etcd', startTime }]);

    assert.deepEqual(others, []);
    assert.equal(found?.component, 'etcd');
    assert.ok(found.args.length > 1);
    assert.equal(found.env['PATH'] === undefined, process.env['PATH'] === undefined);
  });

  it('leaves out a process that has ended, whose id another has', async () => {
    assert.deepEqual(await journal([{ component: 'etcd', startTime: '1' }]), []);
  });

  it('finds none where no cluster is', () => {
    const { signal } = new AbortController();

    assert.deepEqual(localProcesses({ env: { XDG_STATE_HOME: folder }, signal }), []);
  });
});
