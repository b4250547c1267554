import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { cluster, kubectl, kubectlApply } from '../support/cluster.ts';
import { lastingObjects } from '../support/cluster-objects.ts';
import { kubeLatency } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { readLogs, readPoints } from '../support/telemetry-file.ts';
import { dropEchoRequests } from './rtt/lost-link.ts';
import {
  aggregatorPage,
  deployMesh,
  matrix,
  pingerPage,
  pingers,
  removeMesh,
  type Pinger,
} from './rtt/mesh.ts';

const within = { withinMs: 90_000, everyMs: 200 };

describe('the mesh of pingers', function () {
  this.timeout(180_000);
  let objects: readonly string[] | undefined;
  let nodes: readonly { readonly name: string; readonly netns: string | null }[];
  let onPods: readonly Pinger[];
  let readyMs: number;

  before('lays it over the local overlay', async function () {
    this.timeout(300_000);
    const { nodes: those } = await cluster();
    nodes = those;
    objects = await lastingObjects();
    await deployMesh();
    readyMs = Date.now();
    onPods = await pingers('rtt-pinger');
  });

  after(async () => {
    if (objects === undefined) return;
    await removeMesh();
    await eventually(async () => assert.deepEqual(await lastingObjects(), objects), {
      withinMs: 60_000,
    });
  });

  it('has a pinger on every node, control plane included, by kernel stamps and ICMP', async () => {
    assert.deepEqual(
      namesOf(onPods.map(({ node }) => node)),
      namesOf(nodes.map(({ name }) => name)),
    );
    for (const pinger of onPods)
      assert.match(
        await pingerPage(pinger),
        /^kube_latency_rtt_method_ratio\{protocol="icmp",method="icmp",stamps="kernel"\} 1$/m,
      );
  });

  it('tells every ordered pair of nodes', async () => {
    const report = await eventually(async () => {
      const found = await matrix();
      assert.deepEqual(pairsOf(found), orderedPairs(nodes));
      return found;
    }, within);
    console.error(
      `      ${report.pairs.length} pairs ${Date.now() - readyMs} ms after all were ready`,
    );

    for (const { sent, lost, minS, meanS, maxS } of report.pairs) {
      assert.ok(sent > 0 && lost < sent);
      assert.ok(minS !== null && meanS !== null && maxS !== null);
      assert.ok(minS > 0 && minS <= meanS && meanS <= maxS && maxS < 1, `${minS} ${meanS} ${maxS}`);
    }
    assert.deepEqual(report.silent, []);
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

  it('follows a node that is added and removed', async () => {
    const [pinger] = await pingers('rtt-pinger-node');
    assert.ok(pinger);
    const added = 'kube-latency-e2e-added';
    const page = async (): Promise<string> => pingerPage(pinger);
    const series = new RegExp(
      `^kube_latency_rtt_probes_total\\{.*destination_node="${added}"`,
      'm',
    );
    await addNode(added, '192.0.2.7');
    try {
      const addedMs = Date.now();
      await eventually(async () => assert.match(await page(), series), within);
      console.error(`      probed ${Date.now() - addedMs} ms after it was there`);
    } finally {
      await kubectl(['delete', 'node', added]);
    }
    const removedMs = Date.now();
    await eventually(async () => assert.doesNotMatch(await page(), series), within);
    console.error(`      gone ${Date.now() - removedMs} ms after it was`);
  });

  it('blames the link, and the link alone, on which probes are lost, and takes it back', async function () {
    this.timeout(400_000);
    const [from, to] = nodes.filter(({ netns }) => netns !== null);
    const source = onPods.find(({ node }) => node === from?.name);
    const target = onPods.find(({ node }) => node === to?.name);
    assert.ok(typeof from?.netns === 'string' && source !== undefined && target !== undefined);
    const lost = new RegExp(
      `^kube_latency_rtt_probes_total\\{.*destination_node="${target.node}".*outcome="failed",error_type="timeout"`,
      'm',
    );
    const takeBack = await dropEchoRequests(from.netns, target.address);
    const link = { kind: 'link', from: source.node, to: target.node };
    try {
      const beganMs = Date.now();
      await eventually(async () => assert.match(await pingerPage(source), lost), within);
      console.error(`      lost ${Date.now() - beganMs} ms after the link was`);
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
