import assert from 'node:assert/strict';
import fc from 'fast-check';

import type { PodFacts } from '../../../../../operator/controller/core/pod-facts.ts';
import { podKey } from '../../../../../operator/controller/core/pod-facts.ts';
import { plan, type ProberPlan } from '../../../../../operator/controller/core/plan.ts';
import { parsePeersFile } from '../../../../../receivers/rtt-pinger/core/peers-file.ts';
import { namespaces, prober, surroundings, without } from '../made.ts';

const modes = ['auto', 'policy', 'webhook', 'daemonset', 'none'] as const;

const anyProber = fc
  .record({
    namespace: fc.constantFrom('a', 'b'),
    name: fc.constantFrom('mesh', 'other'),
    mode: fc.constantFrom(...modes),
    second: fc.integer({ min: 0, max: 2 }),
    topology: fc.option(
      fc.record(
        {
          maxPeers: fc.integer({ min: 1, max: 8 }),
          maxPeersPerNode: fc.integer({ min: 1, max: 4 }),
        },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    ),
  })
  .map(({ namespace, name, mode, second, topology }) =>
    prober({
      namespace,
      name,
      spec: { mode, topology },
      metadata: { creationTimestamp: `2026-01-05T08:00:0${second}Z` },
    }),
  );

const anyPod: fc.Arbitrary<PodFacts> = fc.record({
  namespace: fc.constantFrom('a', 'b', 'c', 'kube-system'),
  name: fc.constantFrom('web-0', 'web-1', 'web-2', 'db-0', '1'),
  node: fc.constantFrom('', 'n1', 'n2'),
  address: fc.constantFrom('', '10.0.0.1', '10.0.0.2', 'fd00::1'),
  running: fc.boolean(),
  sidecar: fc.option(
    fc.record({
      prober: fc.constantFrom('', 'a/mesh', 'b/mesh', 'b/other'),
      configMap: fc.constantFrom('mesh', 'other'),
      port: fc.constantFrom(0, 8080),
    }),
    { nil: undefined },
  ),
  bare: fc.option(
    fc
      .record({ hostNetwork: fc.boolean(), windows: fc.boolean() })
      .map((changed) => without(changed).bare),
    { nil: undefined },
  ),
});

/** A cluster: its pods, and the NetworkProbers with the numbers of the pods that they select. */
const anyCluster = fc.uniqueArray(anyPod, { selector: podKey, maxLength: 16 }).chain((pods) =>
  fc.record({
    pods: fc.constant(pods),
    probers: fc.uniqueArray(
      fc.record({
        prober: anyProber,
        selected: fc.array(fc.boolean(), { minLength: pods.length, maxLength: pods.length }),
      }),
      { selector: ({ prober: { namespace, name } }) => `${namespace}/${name}`, maxLength: 4 },
    ),
  }),
);

type Cluster = typeof anyCluster extends fc.Arbitrary<infer Value> ? Value : never;

function plansOf(
  { pods, probers }: Cluster,
  order: (list: unknown[]) => unknown[] = (list) => list,
) {
  const selections = probers.map(({ prober: each, selected }) => ({
    prober: each,
    pods: order(pods.filter((_, index) => selected[index])) as PodFacts[],
  }));
  return plan({
    selections: order(selections) as typeof selections,
    namespaces,
    surroundings: surroundings(probers.map((each) => each.prober)),
  });
}

function files(plans: readonly ProberPlan[]) {
  return plans.flatMap((each) =>
    [...each.files].flatMap(([namespace, here]) => here.map((file) => ({ each, namespace, file }))),
  );
}

describe('plans', () => {
  it('are the same in whatever order pods and NetworkProbers come', () => {
    fc.assert(
      fc.property(anyCluster, (cluster) => {
        const forth = plansOf(cluster);
        const back = plansOf(cluster, (list) => list.toReversed());

        assert.deepEqual(
          back.map(({ prober: { name }, peers, missed, selected }) => ({
            name,
            peers,
            missed,
            selected,
          })),
          forth.map(({ prober: { name }, peers, missed, selected }) => ({
            name,
            peers,
            missed,
            selected,
          })),
        );
        const sorted = (plans: readonly ProberPlan[]) =>
          files(plans)
            .map(({ namespace, file }) => JSON.stringify([namespace, file]))
            .toSorted();
        assert.deepEqual(sorted(back), sorted(forth));
      }),
    );
  });

  it('give each pod a sidecar of one NetworkProber at most, and none where it has one', () => {
    fc.assert(
      fc.property(anyCluster, (cluster) => {
        const plans = plansOf(cluster);

        const missed = plans.flatMap((each) => each.missed.map(({ pod }) => pod));
        assert.equal(new Set(missed).size, missed.length);
        const read = plans.flatMap(({ prober: { spec }, readers }) =>
          spec.mode === 'none' ? [] : [...readers.values()].flat().map(podKey),
        );
        assert.equal(new Set(read).size, read.length);
        assert.deepEqual(
          missed.filter((key) => read.includes(key)),
          [],
        );
      }),
    );
  });

  it('lose no pod that is selected', () => {
    fc.assert(
      fc.property(anyCluster, (cluster) => {
        for (const {
          prober: { spec },
          selected,
          missed,
          readers,
          others,
        } of plansOf(cluster)) {
          if (spec.mode === 'daemonset' || spec.mode === 'none') continue;
          const read = [...readers.values()].flat().length;
          const elsewhere = [...others.values()].reduce((sum, many) => sum + many, 0);
          assert.equal(missed.length + read + elsewhere, selected);
        }
      }),
    );
  });

  it('have one holder of each ConfigMap', () => {
    fc.assert(
      fc.property(anyCluster, (cluster) => {
        const names = files(plansOf(cluster)).map(
          ({ namespace, file }) => `${namespace}/${file.name}`,
        );

        assert.equal(new Set(names).size, names.length);
      }),
    );
  });

  it('have files that the pinger reads, with each peer once, within the limits', () => {
    fc.assert(
      fc.property(anyCluster, (cluster) => {
        for (const { each, file } of files(plansOf(cluster))) {
          const read = parsePeersFile(file.text);

          assert.ok(read.kind === 'ok', read.kind === 'invalid' ? read.problem : '');
          const { maxPeers, maxPeersPerNode = Infinity } = each.prober.spec.topology;
          assert.equal(read.file.intervalMs, 10_000);
          assert.equal(read.file.peers.length, Math.min(maxPeers, each.peers.length));
          const names = new Set(each.peers.map(({ name }) => name));
          assert.equal(names.size, each.peers.length);
          assert.ok(read.file.peers.every(({ name }) => names.has(name)));
          for (const [, here] of Map.groupBy(each.peers, ({ node }) => node))
            assert.ok(here.length <= maxPeersPerNode);
        }
      }),
    );
  });
});
