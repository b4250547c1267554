import type { Surroundings } from '../../../operator/injection/decision.ts';
import type { InjectingProber, Way } from '../../../operator/injection/prober.ts';
import type { SidecarSettings } from '../../../operator/injection/sidecar.ts';
import {
  optInLabel,
  readNetworkProber,
  type ProberSpec,
} from '../../../operator/network-prober.ts';
import { networkProber } from '../network-probers.ts';

export const ownNamespace = 'kube-latency';
export const optedIn = { [optInLabel.key]: optInLabel.value };

export const sidecarSettings: SidecarSettings = {
  form: 'native',
  runAsUser: 65_532,
  resources: {
    requests: { cpu: '10m', memory: '64Mi' },
    limits: { cpu: '250m', memory: '192Mi' },
  },
};

interface ProberChanges {
  readonly name?: string;
  readonly namespace?: string;
  readonly way?: Way;
  readonly createdMs?: number;
  /** As users write it, laid over the sample. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The sample of the network prober operator, read from the API server a moment ago, with what is named changed. */
export function injectingProber(changes: ProberChanges = {}): InjectingProber {
  const { way = 'webhook', createdMs = Date.parse('2026-01-01T00:00:00Z'), ...fields } = changes;
  const object = networkProber(fields);
  const metadata = {
    ...object.metadata,
    uid: `uid of ${object.metadata.name}`,
    creationTimestamp: new Date(createdMs).toISOString(),
  };
  const read = readNetworkProber({ ...object, metadata });
  if (read?.kind !== 'valid') throw new Error(`not a NetworkProber: ${read?.problems}`);
  return { ...read, way };
}

export const image: ProberSpec['agentImage'] = injectingProber().spec.agentImage;

/** A cluster with these NetworkProbers, in which their image was seen everywhere. */
export function surroundings(
  changes: Partial<Surroundings> & { readonly probers?: readonly InjectingProber[] } = {},
): Surroundings {
  return {
    probers: [injectingProber()],
    seenImages: new Map([[image, { everywhere: true, nodes: new Set() }]]),
    ownNamespace,
    sidecar: sidecarSettings,
    ...changes,
  };
}
