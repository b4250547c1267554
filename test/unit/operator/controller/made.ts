import assert from 'node:assert/strict';

import type { Labels } from '../../../../operator/label-selector.ts';
import { readNetworkProber, type ValidProber } from '../../../../operator/network-prober.ts';
import type { PodFacts } from '../../../../operator/controller/core/pod-facts.ts';
import { networkProber } from '../../../support/network-probers.ts';

interface MadeProber {
  readonly namespace?: string;
  readonly name?: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly metadata?: object;
}

/** A NetworkProber as it is read from the API server: the sample, with what is named changed. */
export function prober({
  namespace = 'a',
  name = 'mesh',
  spec,
  metadata,
}: MadeProber = {}): ValidProber {
  const object = networkProber({ namespace, name, ...(spec && { spec }) });
  const read = readNetworkProber({
    ...object,
    metadata: {
      ...object.metadata,
      uid: `uid-${namespace}-${name}`,
      generation: 1,
      creationTimestamp: '2026-01-05T08:00:00Z',
      ...metadata,
    },
  });
  assert.ok(read?.kind === 'valid');
  return read;
}

/** A pod that runs with a sidecar of prober `mesh`, with what is named changed. */
export function pod(changed: Partial<PodFacts> = {}): PodFacts {
  return {
    namespace: 'a',
    name: 'web-1',
    node: 'n1',
    address: '10.0.0.1',
    running: true,
    sidecar: { prober: '', configMap: 'mesh', port: 9090 },
    missing: 'not-injected',
    ...changed,
  };
}

/** All namespaces that the made pods and probers are in; each lets sidecars in. */
export const namespaces: ReadonlyMap<string, Labels> = new Map(
  ['a', 'b', 'c', 'kube-system', 'kube-latency'].map((name) => [
    name,
    { 'probes.bigmikes.io/injection': 'enabled', 'kubernetes.io/metadata.name': name },
  ]),
);
