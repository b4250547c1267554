import assert from 'node:assert/strict';
import type { AskApi } from '../../../../local/cluster/api-client.ts';
import { allReady } from '../../../../local/cluster/pipeline-pods.ts';
import { pipelineStatus } from '../../../../local/cluster/pipeline-status.ts';

const nodes = [{ name: 'one' }, { name: 'two' }];

interface Pod {
  readonly of: string;
  readonly node: string;
  readonly ready?: boolean;
  readonly going?: boolean;
}

const agents: readonly Pod[] = nodes.map(({ name }) => ({ of: 'agent', node: name }));
const pingers: readonly Pod[] = nodes.map(({ name }) => ({ of: 'rtt-pinger', node: name }));
const all: readonly Pod[] = [
  ...agents,
  { of: 'gateway', node: 'one' },
  ...pingers,
  { of: 'rtt-aggregator', node: 'two' },
];

/** An API server that has these pods, and the mesh's DaemonSet where any is a pinger. */
function server(pods: readonly Pod[]): AskApi {
  return ({ path }) => {
    if (path.endsWith('/daemonsets/rtt-pinger'))
      return Promise.resolve({
        status: pods.some(({ of }) => of === 'rtt-pinger') ? 200 : 404,
        body: {},
      });
    const of = path.split('%3D').at(-1);
    const items = pods
      .filter((pod) => pod.of === of)
      .map(({ node, ready = true, going = false }) => ({
        metadata: going ? { deletionTimestamp: '2026-11-21T16:00:00Z' } : {},
        spec: { nodeName: node },
        status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
      }));
    return Promise.resolve({ status: 200, body: { items } });
  };
}

async function unwell(ask: AskApi): Promise<string[]> {
  const status = await pipelineStatus({ nodes }, ask);
  return status.filter(({ healthy }) => !healthy).map(({ name }) => name);
}

describe('pipelineStatus()', () => {
  it('names an agent and a pinger on every node, the gateway and the aggregator', async () => {
    const status = await pipelineStatus({ nodes }, server(all));

    assert.deepEqual(status, [
      { name: 'agent on one', pid: null, healthy: true },
      { name: 'agent on two', pid: null, healthy: true },
      { name: 'gateway', pid: null, healthy: true },
      { name: 'rtt-pinger on one', pid: null, healthy: true },
      { name: 'rtt-pinger on two', pid: null, healthy: true },
      { name: 'rtt-aggregator', pid: null, healthy: true },
    ]);
  });

  it('leaves the mesh out where it is not deployed', async () => {
    const status = await pipelineStatus(
      { nodes },
      server([...agents, { of: 'gateway', node: '' }]),
    );

    assert.deepEqual(
      status.map(({ name }) => name),
      ['agent on one', 'agent on two', 'gateway'],
    );
  });

  for (const { what, pods, expected } of [
    {
      what: 'a pinger that is not ready',
      pods: all.map((pod) =>
        pod.of === 'rtt-pinger' && pod.node === 'two' ? { ...pod, ready: false } : pod,
      ),
      expected: ['rtt-pinger on two'],
    },
    {
      what: 'an aggregator that is being deleted',
      pods: all.map((pod) => (pod.of === 'rtt-aggregator' ? { ...pod, going: true } : pod)),
      expected: ['rtt-aggregator'],
    },
    {
      what: 'a gateway that is not there',
      pods: all.filter(({ of }) => of !== 'gateway'),
      expected: ['gateway'],
    },
  ])
    it(`holds ${what} to be unwell, and nothing else`, async () => {
      assert.deepEqual(await unwell(server(pods)), expected);
    });

  it('holds all to be unwell where the API server does not answer', async () => {
    const status = await pipelineStatus({ nodes }, () => Promise.reject(new Error('refused')));

    assert.equal(status.length, 2 * nodes.length + 2);
    assert.ok(status.every(({ healthy }) => !healthy));
  });
});

describe('allReady()', () => {
  const parts = { everywhere: 'rtt-pinger', once: 'rtt-aggregator' } as const;

  it('holds when a ready one is on every node, and the single one is ready', async () => {
    assert.equal(await allReady(server(all), parts, 2), true);
  });

  for (const { what, pods } of [
    { what: 'one is missing', pods: all.filter((pod) => pod !== pingers[1]) },
    { what: 'one is not ready', pods: all.map((pod) => ({ ...pod, ready: pod !== pingers[1] })) },
  ])
    it(`does not where ${what}`, async () => {
      assert.equal(await allReady(server(pods), parts, 2), false);
    });
});
