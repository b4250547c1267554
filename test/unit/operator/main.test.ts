import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { start } from '../../support/command.ts';

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  start(process.execPath, ['operator/main.ts', ...args], { env }).finished;

describe('the program operator', function () {
  this.timeout(20_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    // Nothing listens there.
    const clusters = [{ name: 'away', cluster: { server: 'https://127.0.0.1:9' } }];
    const contexts = [{ name: 'away', context: { cluster: 'away', user: 'away' } }];
    const users = [{ name: 'away', user: { token: 'x' } }];
    const config = { apiVersion: 'v1', kind: 'Config', clusters, users, contexts };
    await writeFile(
      join(folder, 'kubeconfig'),
      JSON.stringify({ ...config, 'current-context': 'away' }),
    );
    await writeFile(join(folder, 'wrong.yaml'), 'lists:\n  every: soon\n  often: 1\n');
  });
  after(() => rm(folder, { recursive: true }));

  it('ends with 2 and one line at an unknown flag', async () => {
    const { code, stderr } = await run(['--leader']);

    assert.equal(code, 2);
    assert.match(stderr, /^operator: Unknown option '--leader'[^\n]*\n$/);
  });

  it('ends with 2 and tells every problem of its configuration, where, what was expected, what came', async () => {
    const { code, stderr } = await run([`--config=${join(folder, 'wrong.yaml')}`, '--port=x']);

    assert.equal(code, 2);
    assert.match(stderr, /lists\.every \(line 2\): expected a duration such as .*'soon'/);
    assert.match(stderr, /lists.*often/);
    assert.match(stderr, /port: .*expected.*"x"/);
  });

  it('takes its namespace from the environment, and a flag before it', async () => {
    const env = { K8S_NAMESPACE_NAME: 'here' };
    const of = async (args: readonly string[]): Promise<unknown> => {
      const { stdout } = await run([...args, '--print-config'], env);
      return (JSON.parse(stdout) as { namespace: unknown }).namespace;
    };

    assert.deepEqual([await of([]), await of(['--namespace=there'])], ['here', 'there']);
  });

  it('stops in order with 0 where it cannot reach the API server', async () => {
    const args = [`--kubeconfig=${join(folder, 'kubeconfig')}`, '--port=0', '--webhook-port=0'];
    const running = start(process.execPath, ['operator/main.ts', ...args]);
    running.child.stderr?.on('data', () => {
      if (running.stderr().includes('"started"')) running.child.kill('SIGTERM');
    });
    const { code, stderr } = await running.finished;

    assert.equal(code, 0, stderr);
    assert.match(stderr, /"stopped":true/);
    assert.match(stderr, /ECONNREFUSED/);
  });

  it('fails with --remove where it cannot reach the API server, and says so', async () => {
    const { code, stderr } = await run(['--remove', `--kubeconfig=${join(folder, 'kubeconfig')}`]);

    assert.equal(code, 1);
    assert.match(stderr, /operator: .*ECONNREFUSED/);
  });
});
