import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cluster, tryKubectl } from '../support/cluster.ts';
import { lastingObjects } from '../support/cluster-objects.ts';
import type { Finished } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { readSpans } from '../support/spans-file.ts';
import { prepareBackend, type Backend } from './chaos/backend.ts';
import { watchReadyEndpoints, type ReadyEndpoints } from './gateway-replicas/ready-endpoints.ts';
import {
  deployReplicas,
  listConfigMaps,
  removeReplicas,
  replicaSpans,
  replicaUids,
  rollReplicas,
} from './gateway-replicas/replicas.ts';
import { startSteadySender, type SteadySender } from './gateway-replicas/steady-sender.ts';

describe('two gateways', function () {
  this.timeout(420_000);
  let backend: Backend;
  /** What was there before: undefined while nothing is changed. */
  let found:
    { readonly objects: readonly string[]; readonly configMaps: readonly string[] } | undefined;
  let sender: SteadySender | undefined;
  let endpoints: ReadyEndpoints | undefined;

  before('lays gateway-replicas and pod-disruption-budget over the local overlay', async () => {
    const { nodes } = await cluster();
    const [port = 0] = await freePorts(1);
    backend = await prepareBackend(nodes[0]?.address ?? '', port);
    await backend.start();
    found = { objects: await lastingObjects(), configMaps: await listConfigMaps() };
    await deployReplicas(backend.endpoint);
    await eventually(async () => assert.equal((await replicaUids()).size, 2));
    endpoints = await watchReadyEndpoints();
    sender = await startSteadySender();
  });

  after(async () => {
    await endpoints?.stop();
    await sender?.stop();
    if (found !== undefined) await removeReplicas(found.configMaps);
    await backend.remove();
  });

  it('are rolled while spans are sent, and no request is refused', async () => {
    const old = await replicaUids();

    await rollReplicas();

    const now = await replicaUids();
    assert.deepEqual([...now.keys()].toSorted(), ['gateway-0', 'gateway-1']);
    for (const [name, uid] of now) assert.notEqual(uid, old.get(name), name);
    assert.deepEqual(sender?.refused, []);
  });

  it('go one at a time when their nodes are drained', async () => {
    await evictable('gateway-0');

    const first = await evict('gateway-0');
    const second = await evict('gateway-1');

    assert.equal(first.code, 0, first.stderr);
    assert.match(second.stderr, /TooManyRequests.*disruption budget/s);
    await evictable('gateway-1');
    assert.deepEqual(sender?.refused, []);
  });

  it('have left the Service with one that is ready all the time', () => {
    const counts = endpoints?.counts() ?? [];

    assert.ok(counts.includes(1), `none was ever away: ${counts.join(' ')}`);
    assert.equal(Math.min(...counts), 1);
  });

  it('have lost nothing of what they acknowledged', async () => {
    await sender?.stop();
    const acknowledged = sender?.acknowledged ?? new Set();

    // Half of it went through an agent, which tries again within half a minute.
    await eventually(
      async () => {
        const written = await replicaSpans();
        const kept = new Set(written.flat().map(({ spanId }) => spanId));
        assert.equal(acknowledged.difference(kept).size, 0, 'in no file of a gateway');
        const delivered = (await readSpans(backend.spansFile)).map(({ spanId }) => spanId);
        assert.equal(acknowledged.difference(new Set(delivered)).size, 0, 'not at the backend');
        for (const [nth, spans] of written.entries())
          assert.ok(
            spans.some(({ spanId }) => acknowledged.has(spanId)),
            `nothing came to gateway-${nth}`,
          );
      },
      { withinMs: 90_000, everyMs: 1000 },
    );
  });

  it('leave the cluster as `up` made it', async () => {
    assert.ok(found);
    const { objects, configMaps } = found;

    await removeReplicas(configMaps);

    found = undefined;
    await eventually(async () => assert.deepEqual(await lastingObjects(), objects));
  });
});

/** Resolves when a drain could take it. */
async function evictable(name: string): Promise<void> {
  await eventually(
    async () => {
      const { code, stderr } = await evict(name, { dryRun: ['All'] });
      assert.equal(code, 0, stderr);
    },
    { withinMs: 60_000, everyMs: 500 },
  );
}

/** Asks for a gateway's eviction, as a drain does. */
async function evict(name: string, deleteOptions: object = {}): Promise<Finished> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-eviction-'));
  try {
    const file = join(folder, 'eviction.json');
    const metadata = { name, namespace: 'kube-latency' };
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata, deleteOptions };
    await writeFile(file, JSON.stringify(eviction));
    const path = `/api/v1/namespaces/kube-latency/pods/${name}/eviction`;
    return await tryKubectl(['create', `--raw=${path}`, `--filename=${file}`]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
