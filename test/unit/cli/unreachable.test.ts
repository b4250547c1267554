import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../../cli/run.ts';
import { recordedContext } from './context.ts';
import { writeKubeconfig } from './kubeconfig.ts';

describe('a command whose API server does not answer', () => {
  let folder: string;
  let kubeconfig: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    kubeconfig = await writeKubeconfig(folder, 'https://127.0.0.1:9');
  });
  after(() => rm(folder, { recursive: true }));

  for (const words of ['probe', 'probe --here', 'doctor', 'rtt', 'boot', 'view', 'secrets'])
    it(`says where, why and what to do: ${words}`, async () => {
      const context = recordedContext();

      assert.equal(
        await runCommandLine([...words.split(' '), '--kubeconfig', kubeconfig], '1.2.3', context),
        1,
      );
      assert.match(
        context.printed.err.at(-1) ?? '',
        /^kube-latency: .*ECONNREFUSED 127\.0\.0\.1:9; is that cluster up\? --kubeconfig and --context choose another cluster$/,
      );
    });
});
