import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../../../cli/run.ts';
import { recordedContext } from '../context.ts';

describe('kube-latency view', () => {
  let folder: string;
  const home = process.env['HOME'];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
    // Where the kubeconfig of the user who runs these tests would be found otherwise.
    process.env['HOME'] = folder;
  });
  after(async () => {
    process.env['HOME'] = home;
    await rm(folder, { recursive: true });
  });

  it('tells where the pages of the cluster are that up made, where no other is chosen', async () => {
    await mkdir(join(folder, 'kube-latency/local'), { recursive: true });
    await writeFile(
      join(folder, 'kube-latency/local/cluster.json'),
      JSON.stringify({
        on: 'local',
        name: 'kube-latency',
        server: 'https://10.231.0.1:6443',
        kubeconfig: '/none',
        proberKubeconfig: '/none',
        proberNamespace: 'kube-latency',
        probeImage: 'pause',
        viewerUrl: 'http://127.0.0.1:8000',
        spansFile: '/none',
        nodes: [],
      }),
    );
    const context = recordedContext({ XDG_STATE_HOME: folder });

    assert.equal(await runCommandLine(['view'], '1.2.3', context), 0);
    assert.deepEqual(context.printed, { out: ['http://127.0.0.1:8000'], err: [] });
  });

  it('wants a cluster where there is none', async () => {
    const context = recordedContext();

    assert.equal(await runCommandLine(['view'], '1.2.3', context), 2);
    assert.match(context.printed.err.join(), /^kube-latency: no kubeconfig: expected --kubeconfig/);
  });
});
