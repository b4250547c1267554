import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig as loadPinger } from '../../receivers/rtt-pinger/config.ts';
import { cluster, kubectl, kubectlApply } from '../support/cluster.ts';
import { lastingObjects } from '../support/cluster-objects.ts';
import { kubeLatency } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { readLogs, readPoints } from '../support/telemetry-file.ts';
import { dropEchoRequests } from './rtt/lost-link.ts';
import {
  aggregatorPage,
  deployNodePingers,
  matrix,
  pingerPage,
  pingers,
  removeNodePingers,
  restartMesh,
  type Pinger,
} from './rtt/mesh.ts';

const within = { withinMs: 90_000, everyMs: 100 };
/** Every ordered pair is told so soon after all pods of the mesh are ready. */
const pairsWithinMs = 10_000;
/** A node that comes or goes is followed so soon. */
const followedWithinMs = 5000;
/** An address that answers no more is loss after so many intervals. */
const lossWithinIntervals = 3;

describe('the mesh of pingers that `up` brings', function () {
  this.timeout(180_000);
  let objects: readonly string[] | undefined;
  let nodes: readonly { readonly name: string; readonly netns: string | null }[];
  let onPods: readonly Pinger[];

  before('lays the pingers on the nodes’ own network over it', async function () {
    this.timeout(300_000);
    const { nodes: those } = await cluster();
    nodes = those;
    objects = await lastingObjects();
    await deployNodePingers();
    onPods = await pingers('rtt-pinger');
  });

  after(async () => {
    if (objects === undefined) return;
    await removeNodePingers();
    await eventually(async () => assert.deepEqual(await lastingObjects(), objects), {
      withinMs: 60_000,
    });
  });

  it('is told by status', async () => {
    const { stdout } = await kubeLatency(['status', '--output', 'json']);
    const { components } = JSON.parse(stdout) as {
      components: { name: string; healthy: boolean }[];
    };

    const told = components.filter(({ name }) => name.startsWith('rtt-'));
    assert.deepEqual(told, [
      ...nodes.map(({ name }) => ({ name: `rtt-pinger on ${name}`, pid: null, healthy: true })),
      { name: 'rtt-aggregator', pid: null, healthy: true },
    ]);
  });

  it('tells every ordered pair of nodes, control plane included, within 10 s after all are ready', async () => {
    assert.ok(nodes.length >= 3);
    await restartMesh(nodes.length + 1);
    const readyMs = Date.now();
    onPods = await pingers('rtt-pinger');

    const report = await eventually(async () => {
      const found = await matrix();
      assert.deepEqual(pairsOf(found), orderedPairs(nodes));
      return found;
    }, within);
    assertSoon('all pairs told after all were ready', readyMs, pairsWithinMs);
    for (const { sent, lost, minS, meanS, maxS } of report.pairs) {
      assert.ok(sent > 0 && lost < sent);
      assert.ok(minS !== null && meanS !== null && maxS !== null);
      assert.ok(minS > 0 && minS <= meanS && meanS <= maxS && maxS < 1, `${minS} ${meanS} ${maxS}`);
    }
    assert.deepEqual(report.silent, []);
  });

  it('has a pinger on every node, control plane included, by kernel stamps and ICMP', async () => {
    assert.deepEqual(
      namesOf(onPods.map(({ node }) => node)),
      namesOf(nodes.map(({ name }) => name)),
    );
    for (const pinger of onPods)
      assert.match(
        await pingerPage(pinger),
        /^kube_latency_rtt_method_ratio\{(?=[^}]*\bkube_latency_rtt_network="pods")(?=[^}]*\bprotocol="icmp")(?=[^}]*\bmethod="icmp")(?=[^}]*\bstamps="kernel")[^}]*\} 1$/m,
      );
  });

  it('has the names of node-latency’s page for every ordered pair, in milliseconds', async () => {
    const page = await aggregatorPage('metrics');
    for (const name of ['latency_between_nodes', 'delay']) {
      const found = [
        ...page.matchAll(new RegExp(`^${name}\\{from="(.+?)",to="(.+?)"\\} (\\S+)$`, 'gm')),
      ];
      assert.deepEqual(namesOf(found.map(([, from, to]) => `${from} ${to}`)), orderedPairs(nodes));
      for (const [, , , value] of found)
        assert.ok(Number(value) > 0 && Number(value) < 1000, value);
    }
    assert.match(page, /^# TYPE latency_between_nodes gauge$/m);
    assert.match(await aggregatorPage('healthz'), /ok/i);
  });

  it('sends each pair’s round trips to the gateway, with nodes as attributes', async () => {
    const folder = dirname((await cluster()).spansFile);
    await eventually(async () => {
      const points = (await readPoints(join(folder, 'metrics.jsonl'))).filter(
        ({ metric, attributes }) =>
          metric === 'kube_latency.rtt.duration' && attributes['protocol'] === 'icmp',
      );
      const pairs = points.map(
        ({ attributes }) =>
          `${String(attributes['source.node'])} ${String(attributes['destination.node'])}`,
      );
      assert.deepEqual(namesOf([...new Set(pairs)]), orderedPairs(nodes));
    }, within);
  });

  it('is printed by kube-latency rtt', async () => {
    const { kubeconfig } = await cluster();
    const flags = ['rtt', '--kubeconfig', kubeconfig];

    const shown = await kubeLatency(flags);
    assert.equal(shown.code, 0, shown.stderr);
    for (const { name } of nodes) assert.ok(shown.stdout.includes(name.slice(-6)), shown.stdout);

    const limited = await kubeLatency([...flags, '--fail-over', 'max=0.001ms']);
    assert.equal(limited.code, 1, limited.stdout);
  });

  it('follows a node that is added and removed within 5 s, on every node', async () => {
    const everywhere = await pingers('rtt-pinger-node');
    assert.equal(everywhere.length, nodes.length);
    const added = 'kube-latency-e2e-added';
    const each = async (check: (page: string) => void): Promise<void> => {
      for (const page of await Promise.all(everywhere.map(pingerPage))) check(page);
    };
    const series = new RegExp(
      `^kube_latency_rtt_probes_total\\{.*destination_node="${added}"`,
      'm',
    );
    let removedMs = Number.NaN;
    try {
      const addedMs = Date.now();
      await addNode(added, '192.0.2.7');
      await eventually(() => each((page) => assert.match(page, series)), within);
      assertSoon('probed after a node was added', addedMs, followedWithinMs);
    } finally {
      removedMs = Date.now();
      await kubectl(['delete', 'node', added]);
    }
    await eventually(() => each((page) => assert.doesNotMatch(page, series)), within);
    assertSoon('gone after the node was', removedMs, followedWithinMs);
  });

  it('blames the link, and the link alone, on which probes are lost, and takes it back', async function () {
    this.timeout(400_000);
    const [from, to] = nodes.filter(({ netns }) => netns !== null);
    const source = onPods.find(({ node }) => node === from?.name);
    const target = onPods.find(({ node }) => node === to?.name);
    assert.ok(typeof from?.netns === 'string' && source !== undefined && target !== undefined);
    const lost = new RegExp(
      `^kube_latency_rtt_loss_ratio\\{[^}]*destination_node="${target.node}"[^}]*\\} 0\\.\\d+$`,
      'm',
    );
    await eventually(async () => assert.doesNotMatch(await pingerPage(source), lost), within);
    const beganMs = Date.now();
    const takeBack = await dropEchoRequests(from.netns, target.address);
    const link = { kind: 'link', from: source.node, to: target.node };
    try {
      await eventually(async () => assert.match(await pingerPage(source), lost), within);
      assertSoon('lost after the link was', beganMs, lossWithinIntervals * intervalMs());
      await eventually(
        async () => assert.deepEqual((await matrix()).verdicts.map(whom), [link]),
        within,
      );
      console.error(`      blamed ${Date.now() - beganMs} ms after the link was lost`);

      assert.match(
        await aggregatorPage('metrics'),
        new RegExp(
          `^kube_latency_rtt_blame_ratio\\{.*kind="link".*source_node="${source.node}"`,
          'm',
        ),
      );
      await eventually(
        async () => assert.deepEqual(await reasons(source.node), ['RttLinkLossy']),
        within,
      );
      await eventually(
        async () => assert.ok((await verdictLogs()).some((text) => text.endsWith(': at fault'))),
        within,
      );
    } finally {
      await takeBack();
    }
    await eventually(async () => assert.deepEqual((await matrix()).verdicts, []), {
      withinMs: 180_000,
    });
    await eventually(
      async () =>
        assert.deepEqual(await reasons(source.node), ['RttLinkLossy', 'RttLinkLossyCleared']),
      within,
    );
    await eventually(
      async () => assert.ok((await verdictLogs()).some((text) => text.endsWith(': cleared'))),
      within,
    );
  });
});

/** Fails where more time has passed since a moment of the Unix clock. */
function assertSoon(what: string, sinceMs: number, withinMs: number): void {
  const tookMs = Date.now() - sinceMs;
  console.error(`      ${what}: ${tookMs} ms`);
  assert.ok(tookMs <= withinMs, `${what}: expected ${withinMs} ms at most, got ${tookMs}`);
}

/** That of the pingers on the pod network, as they are configured. */
function intervalMs(): number {
  const file = new URL('../../manifests/components/rtt/pinger/rtt-pinger.yaml', import.meta.url);
  return loadPinger({ config: fileURLToPath(file) }, {}).interval;
}

function whom(verdict: Awaited<ReturnType<typeof matrix>>['verdicts'][number]): object {
  return verdict.kind === 'node'
    ? { kind: verdict.kind, node: verdict.node }
    : { kind: verdict.kind, from: verdict.from, to: verdict.to };
}

function namesOf(names: readonly string[]): string[] {
  return names.toSorted();
}

function orderedPairs(nodes: readonly { readonly name: string }[]): string[] {
  return nodes
    .flatMap(({ name: from }) =>
      nodes.filter(({ name }) => name !== from).map(({ name: to }) => `${from} ${to}`),
    )
    .toSorted();
}

function pairsOf({ nodes, pairs }: Awaited<ReturnType<typeof matrix>>): string[] {
  return pairs.map(({ from, to }) => `${nodes[from]?.name} ${nodes[to]?.name}`).toSorted();
}

/** A node of which there is nothing but its object, with an address at which nobody is (RFC 5737). */
async function addNode(name: string, address: string): Promise<void> {
  const taints = [{ key: 'kube-latency-e2e', effect: 'NoExecute', value: 'added' }];
  await kubectlApply(
    JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { taints } }),
  );
  const status = { addresses: [{ type: 'InternalIP', address }] };
  await kubectl([
    'patch',
    'node',
    name,
    '--subresource=status',
    '--type=merge',
    `--patch=${JSON.stringify({ status })}`,
  ]);
}

/** Reasons of the aggregator's events about a node, oldest first. */
async function reasons(node: string): Promise<string[]> {
  const listed = await kubectl([
    '--namespace=default',
    'get',
    'events',
    `--field-selector=involvedObject.kind=Node,involvedObject.name=${node}`,
    '--sort-by=.metadata.creationTimestamp',
    '--output=jsonpath={range .items[*]}{.reason}{"\\n"}{end}',
  ]);
  return listed.split('\n').filter((reason) => reason.startsWith('Rtt'));
}

/** The aggregator's log records that reached the gateway. */
async function verdictLogs(): Promise<string[]> {
  const folder = dirname((await cluster()).spansFile);
  return (await readLogs(join(folder, 'logs.jsonl')))
    .filter(({ resource }) => resource['service.name'] === 'rtt-aggregator')
    .map(({ body }) => String(body));
}
