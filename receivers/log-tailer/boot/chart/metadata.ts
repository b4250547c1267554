import type { NodeFacts } from '../../core/node-facts.ts';

/** The machine as node-latency-for-k8s tells of it. */
export interface Metadata {
  readonly region?: string;
  readonly instanceType?: string;
  readonly instanceID?: string;
  readonly accountID?: string;
  readonly architecture?: string;
  readonly availabilityZone?: string;
  readonly privateIP?: string;
  readonly amiID?: string;
  readonly kubernetesVersion?: string;
}

/** Null where nothing of it is known. */
export function metadataOf(facts: NodeFacts): Metadata | null {
  const { region, instanceType, architecture, availabilityZone } = facts;
  const all = {
    region,
    instanceType,
    instanceID: facts.instanceId,
    accountID: facts.accountId,
    architecture,
    availabilityZone,
    privateIP: facts.privateIp,
    amiID: facts.imageId,
    kubernetesVersion: facts.kubeletVersion,
  };
  const known = Object.entries(all).filter(([, value]) => value !== undefined);
  return known.length === 0 ? null : Object.fromEntries(known);
}
