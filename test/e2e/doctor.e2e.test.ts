import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { cluster, kubectl, kubectlApply } from '../support/cluster.ts';
import { kubeLatency, startKubeLatency } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';

interface Finding {
  readonly component: string;
  readonly node: string | null;
  readonly check: string;
  readonly level: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly found: string;
  readonly fix: string | null;
}

interface Printed {
  readonly cluster: { readonly version: string; readonly install: string; readonly nodes: number };
  readonly backend: string | null;
  readonly summary: Readonly<Record<Finding['level'], number>>;
  readonly findings: readonly Finding[];
}

describe('kube-latency doctor', function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-doctor-'));
    // Runtimes and etcd only trace what somebody asks for.
    const probe = await kubeLatency(['probe', '--here', '--count', '3']);
    assert.equal(probe.code, 0, probe.stderr);
  });

  after(() => rm(folder, { recursive: true }));

  it('finds every component of every node tracing, and its spans arriving', async () => {
    const { nodes } = await cluster();

    const { findings, ...printed } = await eventually(
      async () => {
        const found = await doctor();
        assert.deepEqual(troubles(found.findings), []);
        return found;
      },
      { withinMs: 60_000 },
    );

    assert.equal(printed.cluster.install, 'local');
    assert.equal(printed.cluster.nodes, nodes.length);
    assert.match(printed.cluster.version, /^v1\.\d+\.\d+$/);
    assert.equal(printed.backend, (await cluster()).viewerUrl + '/');
    const checks = ['version', 'tracing', 'endpoint', 'sampling', 'spans'];
    for (const component of ['api-server', 'etcd']) {
      assert.deepEqual(checksOf(findings, component, undefined), checks);
    }
    for (const { name } of nodes) {
      for (const component of ['kubelet', 'container-runtime'])
        assert.deepEqual(checksOf(findings, component, name), checks, `${component} on ${name}`);
      assert.deepEqual(checksOf(findings, 'clocks', name), ['node']);
      assert.ok(checksOf(findings, 'collectors', name).includes('agent'), name);
    }
    const gateway = findings.find(({ check }) => check === 'gateway');
    assert.match(
      gateway?.found ?? '',
      /^1 of 1 pods ready in namespace kube-latency, version 0\.\d+\.\d+/,
    );
    for (const part of ['rtt-pinger', 'rtt-aggregator'])
      assert.equal(levelOf(findings, 'collectors', part), 'ok', part);
    assert.deepEqual(checksOf(findings, 'prober', undefined), [
      'identity',
      'certificate',
      'rights',
    ]);
  });

  it('finds the clocks of one machine in agreement', async () => {
    const { findings } = await doctor();

    const clocks = findings.filter(({ component }) => component === 'clocks');
    assert.equal(clocks.length, 1 + (await cluster()).nodes.length);
    for (const { level, found } of clocks) assert.equal(level, 'ok', found);
  });

  it('prints for people what it found, without colours where no terminal is', async () => {
    const { stdout, code } = await kubeLatency(['doctor']);

    assert.equal(code, 0, stdout);
    assert.match(stdout, /^Cluster https:.*made by kube-latency up$/m);
    assert.match(stdout, /^Kubelets$/m);
    assert.match(stdout, /\n\d+ checks(, all ok|: .* ok)\n$/);
    assert.ok(!stdout.includes('\u001b'));
  });

  it('tells a ServiceAccount without rights what it cannot see and what it lacks', async () => {
    const token = await kubectl(['create', 'token', 'default', '--duration=10m']);
    const kubeconfig = await kubeconfigWith({ user: { token: token.trim() } });

    const { code, stdout, stderr } = await kubeLatency([
      'doctor',
      '--kubeconfig',
      kubeconfig,
      '--output',
      'json',
    ]);

    assert.equal(code, 1, stderr);
    const { findings } = JSON.parse(stdout) as Printed;
    assert.equal(levelOf(findings, 'kubelet', 'tracing'), 'unknown');
    assert.equal(levelOf(findings, 'container-runtime', 'tracing'), 'unknown');
    assert.equal(levelOf(findings, 'correlator', 'rights'), 'unknown');
    assert.equal(levelOf(findings, 'prober', 'identity'), 'warning');
    const rights = findings.find(
      ({ component, check }) => component === 'prober' && check === 'rights',
    );
    assert.equal(rights?.level, 'problem');
    assert.match(
      rights.found,
      /^missing: pods \(create, get, list, watch, patch, delete\) and events/,
    );
    assert.match(rights.fix ?? '', /--serviceaccount=default:default/);
  });

  it('lets a ServiceAccount see all with the ClusterRole of docs/rights.md', async () => {
    const account = ['--namespace=default', 'serviceaccount/doctor'];
    const text = await readFile(new URL('../../docs/rights.md', import.meta.url), 'utf8');
    const [, role] =
      /```yaml\n(apiVersion: [^`]*name: kube-latency-doctor[^`]*)```/.exec(text) ?? [];
    assert.ok(role);
    try {
      await kubectlApply(role);
      await kubectl(['create', '--namespace=default', 'serviceaccount', 'doctor']);
      await kubectl([
        'create',
        'clusterrolebinding',
        'kube-latency-doctor',
        '--clusterrole=kube-latency-doctor',
        '--serviceaccount=default:doctor',
      ]);
      const token = await kubectl(['create', 'token', 'doctor', '--duration=10m']);
      const kubeconfig = await kubeconfigWith({ user: { token: token.trim() } });

      const { findings } = await doctor('--kubeconfig', kubeconfig);

      const unseen = findings.filter(({ level, found }) => {
        return level === 'unknown' || /forbidden|cannot be seen/.test(found);
      });
      assert.deepEqual(unseen, []);
    } finally {
      await kubectl(['delete', '--ignore-not-found', ...account]);
      const objects = ['clusterrole/kube-latency-doctor', 'clusterrolebinding/kube-latency-doctor'];
      await kubectl(['delete', '--ignore-not-found', ...objects]);
    }
  });

  it('lets the prober see that all is there for it', async () => {
    const { proberKubeconfig } = await cluster();

    const { findings } = await doctor('--kubeconfig', proberKubeconfig);

    assert.equal(levelOf(findings, 'prober', 'rights'), 'ok');
    assert.equal(levelOf(findings, 'kubelet', 'tracing'), 'unknown');
  });

  it('fails in one line where no API server answers', async () => {
    const kubeconfig = await kubeconfigWith({ cluster: { server: 'https://127.0.0.1:1' } });

    const { code, stdout, stderr } = await kubeLatency(['doctor', '--kubeconfig', kubeconfig]);

    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^kube-latency: asking the API server https:\/\/127\.0\.0\.1:1\/ .*REFUSED/m,
    );
  });

  it('ends at once when it is interrupted', async () => {
    const running = startKubeLatency(['doctor']);
    await eventually(() => assert.match(running.stderr(), /examining the cluster/));

    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;

    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^kube-latency: interrupted$/m);
  });

  async function doctor(...args: readonly string[]): Promise<Printed> {
    const { stdout, stderr } = await kubeLatency(['doctor', '--output', 'json', ...args]);
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout) as Printed;
  }

  /** The administrator's kubeconfig with another user or server. */
  async function kubeconfigWith(changes: { user?: object; cluster?: object }): Promise<string> {
    const config = parse(await readFile((await cluster()).kubeconfig, 'utf8')) as {
      clusters: { name: string; cluster: object }[];
      users: { name: string; user: object }[];
    };
    const path = join(folder, 'kubeconfig');
    const text = stringify({
      ...config,
      clusters: config.clusters.map((each) => ({
        ...each,
        cluster: { ...each.cluster, ...changes.cluster },
      })),
      users: config.users.map((each) => ({ ...each, user: changes.user ?? each.user })),
    });
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }
});

/** Other tests kill collectors and correlators, which leaves its trace in counters: that is no trouble. */
function troubles(findings: readonly Finding[]): readonly Finding[] {
  const counted = /since it began \d+ spans (?:refused|not delivered)/;
  return findings.filter(
    ({ level, found }) => level !== 'ok' && !(level === 'warning' && counted.test(found)),
  );
}

function checksOf(
  findings: readonly Finding[],
  component: string,
  node: string | undefined,
): string[] {
  return findings
    .filter((each) => each.component === component && (node === undefined || each.node === node))
    .map(({ check }) => check);
}

function levelOf(
  findings: readonly Finding[],
  component: string,
  check: string,
): Finding['level'] | undefined {
  return findings.find((each) => each.component === component && each.check === check)?.level;
}
