import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { kindPaths } from '../../kind/paths.ts';
import { roadSecretNames } from '../../local/cluster/road-secrets.ts';
import { cluster, kubectl } from '../support/cluster.ts';
import { kubeLatency, startKubeLatency } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';

describe('kube-latency secrets', function () {
  this.timeout(60_000);

  it('makes nothing where all Secrets are there', async () => {
    const { kubeconfig } = await cluster();
    const before = await certificates();
    const { code, stdout, stderr } = await kubeLatency(['secrets', '--kubeconfig', kubeconfig]);

    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'all Secrets are there\n');
    assert.deepEqual(await certificates(), before);
  });

  it('makes all certificates of one authority anew where one is missing', async () => {
    const { kubeconfig } = await cluster();
    const before = await certificates();
    await kubectl(['--namespace', 'kube-latency', 'delete', 'secret', 'backend-tls']);

    const { code, stdout, stderr } = await kubeLatency(['secrets', '--kubeconfig', kubeconfig]);

    assert.equal(code, 0, stderr);
    assert.equal(
      stdout,
      'made: kube-latency/gateway-tls, kube-latency/receiver-tls, kube-latency-node/agent-tls, kube-latency/backend-tls\n',
    );
    const after = await certificates();
    assert.equal(new Set(after.map(({ ca }) => ca)).size, 1);
    assert.ok(after.every(({ ca }, index) => ca !== before[index]?.ca));
  });
});

/** Authority of each of the Secrets with certificates. */
function certificates(): Promise<{ name: string; ca: string }[]> {
  return Promise.all(
    roadSecretNames.map(async ([namespace, name]) => ({
      name,
      ca: await kubectl([
        '--namespace',
        namespace,
        'get',
        'secret',
        name,
        '--output=jsonpath={.data.ca\\.crt}',
      ]),
    })),
  );
}

/** Ids of the nodes that there are. */
function nodes(): string {
  const label = 'label=io.x-k8s.kind.cluster=kube-latency';
  return execFileSync('docker', ['ps', '-aq', '--filter', label], { encoding: 'utf8' });
}

describe('kube-latency down, where a kind cluster is', () => {
  it('removes nodes and files', async () => {
    const { clusterDir } = kindPaths(process.env);
    assert.ok(existsSync(clusterDir));

    const { code, stdout, stderr } = await kubeLatency(['down']);

    assert.equal(code, 0, stderr);
    assert.match(stdout, /is removed/);
    assert.equal(nodes(), '');
    assert.ok(!existsSync(dirname(clusterDir)));
  }).timeout(60_000);

  it('has nothing to do after an up that Ctrl-C ended', async () => {
    const running = startKubeLatency(['up', '--on', 'kind', '--nodes', '1']);
    await eventually(() => assert.ok(nodes() !== '', running.stderr()));
    running.child.kill('SIGINT');
    const { code, stderr } = await running.finished;

    assert.equal(code, 1);
    assert.match(stderr, /interrupted; the cluster is removed again\n$/);
    assert.equal(nodes(), '');
    assert.ok(!existsSync(kindPaths(process.env).clusterDir));
  }).timeout(120_000);

  it('finds nothing when called again', async () => {
    const { code, stdout } = await kubeLatency(['down', '--on', 'kind']);

    assert.equal(code, 0);
    assert.match(stdout, /no cluster is here/);
  }).timeout(60_000);

  it('leaves status without a cluster', async () => {
    assert.equal((await kubeLatency(['status'])).code, 1);
  });
});
