import assert from 'node:assert/strict';

import {
  contentHash,
  type ConfigMapFacts,
} from '../../../../../operator/controller/core/config-map.ts';
import { plan } from '../../../../../operator/controller/core/plan.ts';
import {
  reachesBeyond,
  unusedMs,
  wantedConfigMaps,
} from '../../../../../operator/controller/core/wanted.ts';
import type { NetworkProber, ValidProber } from '../../../../../operator/network-prober.ts';
import type { PodFacts } from '../../../../../operator/controller/core/pod-facts.ts';
import { namespaces, pod, prober, surroundings } from '../made.ts';

const mesh = prober({ metadata: { finalizers: ['probes.bigmikes.io/leftovers'] } });

const observed = (changed: Partial<ConfigMapFacts> = {}): ConfigMapFacts => ({
  namespace: 'a',
  name: 'mesh',
  uid: 'u',
  resourceVersion: '1',
  proberUid: mesh.uid,
  file: 'config.json',
  hash: 'x',
  ...changed,
});

interface Asked {
  readonly pods?: readonly PodFacts[];
  readonly of?: ValidProber;
  readonly probers?: readonly NetworkProber[];
  readonly there?: readonly ConfigMapFacts[];
  readonly ends?: string;
  readonly nowMs?: number;
  readonly unusedSince?: Map<string, number>;
}

function asked({
  pods = [],
  of = mesh,
  probers = [of],
  there = [],
  ends,
  nowMs = 0,
  unusedSince = new Map(),
}: Asked) {
  const selections = probers.some(({ deleted }) => !deleted) ? [{ prober: of, pods }] : [];
  const { wanted, unwanted, unfinalized } = wantedConfigMaps({
    plans: plan({ selections, namespaces, surroundings: surroundings([of]) }),
    probers,
    lasting: (name) => name !== ends,
    observed: there,
    unusedSince,
    nowMs,
  });
  return {
    wanted: [...wanted.keys()],
    texts: [...wanted.values()].map(({ text }) => text),
    hashes: [...wanted.values()].map(({ hash, text }) => hash === contentHash(text)),
    unwanted: unwanted.map(({ namespace, name }) => `${namespace}/${name}`),
    unfinalized: unfinalized.map(({ name }) => name),
  };
}

describe('ConfigMaps', () => {
  it('are wanted wherever there are sidecars, but for namespaces that are being deleted', () => {
    const pods = [pod(), pod({ namespace: 'b' }), pod({ namespace: 'c' })];

    const result = asked({ pods, ends: 'c' });

    assert.deepEqual(result.wanted, ['a/mesh', 'b/mesh']);
    assert.deepEqual(result.hashes, [true, true]);
  });

  it('are wanted in other namespaces once the finalizer is there', () => {
    const result = asked({ pods: [pod(), pod({ namespace: 'b' })], of: prober() });

    assert.deepEqual([result.wanted, result.unfinalized], [['a/mesh'], ['mesh']]);
  });

  it('of a NetworkProber that is gone, or being deleted, are to go at once', () => {
    const deleted = { ...mesh, deleted: true };
    const there = [observed(), observed({ namespace: 'b', proberUid: 'gone' })];

    const result = asked({ probers: [deleted], there });

    assert.deepEqual([result.wanted, result.unwanted], [[], ['a/mesh', 'b/mesh']]);
  });

  it('of a NetworkProber that cannot be read stay as they are', () => {
    const { spec: _, ...identity } = mesh;
    const invalid: NetworkProber = { ...identity, kind: 'invalid', problems: '' };

    const result = asked({
      probers: [invalid],
      there: [observed()],
      of: { ...mesh, deleted: true },
    });

    assert.deepEqual([result.wanted, result.unwanted], [[], []]);
  });

  it('that no pod reads any more are emptied, and go ten minutes later', () => {
    const unusedSince = new Map<string, number>();
    const there = [observed({ namespace: 'b' })];

    const first = asked({ there, unusedSince, nowMs: 1000 });
    const last = asked({ there, unusedSince, nowMs: 999 + unusedMs });
    const after = asked({ there, unusedSince, nowMs: 1000 + unusedMs });

    for (const each of [first, last])
      assert.deepEqual(each.texts, ['{"endpointsMap":{},"pollingPeriod":10000000000}']);
    assert.deepEqual([after.wanted, after.unwanted], [[], ['b/mesh']]);
  });

  it('that are read again begin their ten minutes anew', () => {
    const unusedSince = new Map<string, number>();
    const there = [observed()];
    asked({ there, unusedSince, nowMs: 0 });
    asked({ there, unusedSince, nowMs: 10, pods: [pod()] });

    const result = asked({ there, unusedSince, nowMs: unusedMs + 5 });

    assert.deepEqual(result.unwanted, []);
  });
});

describe('reachesBeyond', () => {
  it('is whether something of the NetworkProber lies in another namespace', () => {
    assert.equal(
      reachesBeyond(mesh, [observed(), observed({ namespace: 'b', proberUid: 'x' })]),
      false,
    );
    assert.equal(reachesBeyond(mesh, [observed({ namespace: 'b' })]), true);
  });
});
