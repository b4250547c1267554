import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { localPaths } from '../../local/paths.ts';
import { program } from '../support/cluster.ts';
import { kubeLatency, startKubeLatency } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { difference, takeSnapshot, type HostSnapshot } from '../support/host-snapshot.ts';

describe('kube-latency up where it cannot succeed', function () {
  this.timeout(180_000);
  const { clusterDir, cacheDir, journal } = localPaths(process.env);
  let before: HostSnapshot;

  beforeEach(() => {
    before = takeSnapshot();
  });

  it('names a port that is taken and who has it, and leaves nothing', async () => {
    const holder = createServer().listen(2379, '127.0.0.1');
    await once(holder, 'listening');
    try {
      const up = await kubeLatency(['up', '--on', 'local']);

      assert.equal(up.code, 2, up.stderr);
      assert.match(up.stderr, new RegExp(`2379\\b.*${process.pid}`));
    } finally {
      holder.close();
      await once(holder, 'close');
    }
    assert.deepEqual(difference(before, takeSnapshot()), {});
  });

  it('names a component that dies at its start with the end of its log, and takes all down', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'kube-latency-cache-'));
    try {
      await cacheWithDyingEtcd(cacheDir, join(cache, 'kube-latency'));
      const up = await kubeLatency(['up', '--on', 'local'], { env: { XDG_CACHE_HOME: cache } });

      assert.equal(up.code, 1, up.stderr);
      assert.match(up.stderr, /etcd/);
      assert.match(up.stderr, /the disk is on fire/);
    } finally {
      await rm(cache, { recursive: true });
    }
    assert.deepEqual(difference(before, takeSnapshot()), {});
  });

  it('is cleaned up after by down when it was killed in the middle', async () => {
    const up = startKubeLatency(['up', '--on', 'local']);
    await eventually(() => assert.ok(existsSync(journal)), { withinMs: 60_000 });
    await eventually(() => assert.match(up.stderr(), /API server/), { withinMs: 60_000 });
    up.child.kill('SIGKILL');
    await up.finished;

    const down = await kubeLatency(['down']);

    assert.equal(down.code, 0, down.stderr);
    assert.ok(!existsSync(clusterDir));
    assert.deepEqual(difference(before, takeSnapshot()), {});
  });

  it('takes down what it made when it is interrupted', async () => {
    const up = startKubeLatency(['up', '--on', 'local']);
    await eventually(() => assert.match(up.stderr(), /API server/), { withinMs: 60_000 });

    up.child.kill('SIGINT');
    const { code } = await up.finished;

    assert.equal(code, 1);
    assert.deepEqual(difference(before, takeSnapshot()), {});
  });

  it('refuses a cluster without workers', async () => {
    const up = await kubeLatency(['up', '--on', 'local', '--nodes', '0']);

    assert.equal(up.code, 2, up.stderr);
    assert.match(up.stderr, /--nodes/);
  });
});

/** The built programs by links, with an etcd in their midst that prints a line and ends. */
async function cacheWithDyingEtcd(from: string, to: string): Promise<void> {
  const folderOfEtcd = dirname(dirname(await readlink(program('etcd'))));
  await mkdir(join(to, 'tools'), { recursive: true });
  for (const name of await readdir(join(from, 'tools')))
    if (name !== basename(folderOfEtcd))
      await symlink(join(from, 'tools', name), join(to, 'tools', name));
  const bin = join(to, 'tools', basename(folderOfEtcd), 'bin');
  await mkdir(bin, { recursive: true });
  const script = '#!/bin/sh\necho "the disk is on fire" >&2\nexit 3\n';
  await writeFile(join(bin, 'etcd'), script, { mode: 0o755 });
}
