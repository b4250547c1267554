import assert from 'node:assert/strict';
import type { ProbeReport } from '../../receivers/pod-prober/report.ts';
import { cluster } from '../support/cluster.ts';
import { installPackage, type InstalledPackage } from '../support/installed-package.ts';
import { only } from '../support/probe-report.ts';

describe('the npm package on a cluster', function () {
  this.timeout(180_000);
  let installed: InstalledPackage;
  let KUBECONFIG: string;

  before(async () => {
    installed = await installPackage();
    KUBECONFIG = (await cluster()).kubeconfig;
  });
  after(() => installed.remove());

  it('probes, as a plugin of kubectl would start it', async () => {
    const { code, stdout, stderr } = await installed.run(
      'kubectl-latency',
      ['probe', '--output', 'json'],
      { KUBECONFIG },
    );

    assert.equal(code, 0, stderr);
    assert.equal(only(JSON.parse(stdout) as ProbeReport).outcome, 'ok');
  });

  it('finds the cluster of the machine well, and leaves it as it is', async () => {
    const home = { HOME: process.env['HOME'] };
    const status = await installed.run('kube-latency', ['status'], home);

    assert.equal(status.code, 0, status.stderr);
  });
});
