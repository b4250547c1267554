import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { kindPaths } from '../../kind/paths.ts';
import { kubeLatency } from '../support/command.ts';

describe('kube-latency down, where a kind cluster is', () => {
  it('removes nodes and files', async () => {
    const { clusterDir } = kindPaths(process.env);
    assert.ok(existsSync(clusterDir));

    const { code, stdout, stderr } = await kubeLatency(['down']);

    assert.equal(code, 0, stderr);
    assert.match(stdout, /is removed/);
    const label = 'label=io.x-k8s.kind.cluster=kube-latency';
    assert.equal(
      execFileSync('docker', ['ps', '-aq', '--filter', label], { encoding: 'utf8' }),
      '',
    );
    assert.ok(!existsSync(dirname(clusterDir)));
  }).timeout(60_000);

  it('finds nothing when called again', async () => {
    const { code, stdout } = await kubeLatency(['down', '--on', 'kind']);

    assert.equal(code, 0);
    assert.match(stdout, /no cluster is here/);
  }).timeout(60_000);

  it('leaves status without a cluster', async () => {
    assert.equal((await kubeLatency(['status'])).code, 1);
  });
});
