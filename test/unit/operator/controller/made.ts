import assert from 'node:assert/strict';

import type { Labels } from '../../../../operator/label-selector.ts';
import { readNetworkProber, type ValidProber } from '../../../../operator/network-prober.ts';
import type { PodFacts } from '../../../../operator/controller/core/pod-facts.ts';
import type { Surroundings } from '../../../../operator/injection/decision.ts';
import type { PodFacts as BarePod } from '../../../../operator/injection/pod.ts';
import { injectingProbers } from '../../../../operator/injection/prober.ts';
import { everywhere } from '../../../../operator/injection/seen-images.ts';
import { surroundings as surroundingsOf } from '../../../support/operator/probers.ts';
import { proberLabels } from '../../../support/played-pods.ts';
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
    bare: undefined,
    ...changed,
  };
}

/** What makes a pod one without a sidecar, with what is named of it changed. */
export function without(changed: Partial<BarePod> = {}): Pick<PodFacts, 'sidecar' | 'bare'> {
  const bare = {
    labels: proberLabels,
    annotations: undefined,
    windows: false,
    hostNetwork: false,
    completes: false,
    resources: undefined,
    volumes: undefined,
    initContainers: undefined,
    containers: [],
    nodes: undefined,
  };
  return { sidecar: undefined, bare: { ...bare, ...changed } };
}

/** A cluster with these NetworkProbers, in which images were seen everywhere. */
export function surroundings(probers: readonly ValidProber[]): Surroundings {
  return surroundingsOf({
    probers: injectingProbers(probers, { policies: true }),
    seenImages: everywhere(probers),
  });
}

/** All namespaces that the made pods and probers are in; each lets sidecars in. */
export const namespaces: ReadonlyMap<string, Labels> = new Map(
  ['a', 'b', 'c', 'kube-system', 'kube-latency'].map((name) => [
    name,
    { 'probes.bigmikes.io/injection': 'enabled', 'kubernetes.io/metadata.name': name },
  ]),
);
