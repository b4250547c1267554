import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { program } from '../support/cluster.ts';
import { start } from '../support/command.ts';
import { renderings, withoutContents } from '../support/renderings.ts';

const rewriting = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined;
const alerts = 'manifests/alerts/kube-latency';

describe('manifests', () => {
  for (const { name, folder, golden } of renderings) {
    it(`${name}: kubectl kustomize gives what the unit tests look at`, async () => {
      const rendered = withoutContents(await output(program('kubectl'), ['kustomize', folder]));

      if (rewriting) await writeFile(golden, rendered);
      assert.equal(rendered, await readFile(golden, 'utf8'));
    }).timeout(60_000);
  }

  it('have alerts that Prometheus takes, and that fire when they should', async () => {
    await output('promtool', ['check', 'rules', `${alerts}.rules.yaml`]);
    await output('promtool', ['test', 'rules', `${alerts}.test.yaml`]);
  }).timeout(60_000);
});

async function output(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await start(command, args).finished;
  assert.equal(code, 0, `${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}
