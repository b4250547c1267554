import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cluster } from '../support/cluster.ts';
import { start } from '../support/command.ts';
import { documentedRuns } from '../support/documented-runs.ts';

const root = join(import.meta.dirname, '../..');

describe('a command of README.md or docs/', function () {
  this.timeout(180_000);

  before(async () => {
    await cluster();
  });
  // They are written where the commands are started.
  after(async () => {
    for (const page of ['kube-latency-report.html', 'boot.html'])
      await rm(join(root, page), { force: true });
  });

  for (const [line, run] of Object.entries(documentedRuns)) {
    if (run.kind === 'elsewhere') continue;
    it(`does what it is documented for: ${line}`, async () => {
      const { code, stderr } = await start('bash', ['-c', line], { timeoutMs: 170_000 }).finished;

      assert.ok(code !== null && run.codes.includes(code), `exit code ${code}: ${stderr}`);
      assert.doesNotMatch(stderr, /^npm error/m);
    });
  }
});
