import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { localPaths } from '../../local/paths.ts';
import { kubeLatency } from '../support/command.ts';
import { difference, takeSnapshot } from '../support/host-snapshot.ts';
import { startRecord } from '../support/start-record.ts';

describe('kube-latency down', () => {
  it('leaves the machine as it was before the cluster', async () => {
    const { before } = await startRecord();

    const down = await kubeLatency(['down']);

    assert.equal(down.code, 0, down.stderr);
    assert.deepEqual(difference(before, takeSnapshot()), {});
    const { clusterDir, cacheDir } = localPaths(process.env);
    assert.ok(!existsSync(dirname(clusterDir)), clusterDir);
    assert.ok(existsSync(cacheDir), cacheDir);
    const left = readdirSync(tmpdir()).filter((name) => name !== 'node-compile-cache');
    assert.deepEqual(left, [], 'temporary files');
  }).timeout(120_000);

  it('is harmless where no cluster is', async () => {
    const down = await kubeLatency(['down']);

    assert.equal(down.code, 0, down.stderr);
  }).timeout(60_000);

  it('is seen by status, which then exits with 1', async () => {
    const status = await kubeLatency(['status']);

    assert.equal(status.code, 1, status.stdout);
  });
});
