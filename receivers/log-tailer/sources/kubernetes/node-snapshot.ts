import type { NodeFacts } from '../../core/node-facts.ts';
import { bootIdOf } from '../../../shared/boot-trace.ts';
import { parseTimeNs } from '../../../shared/rfc3339.ts';

/** A node as the API server showed it. Times are cut to whole seconds. */
export interface NodeSnapshot {
  readonly name: string;
  readonly facts: NodeFacts;
  readonly createdNs: bigint | undefined;
  /** Since when it is ready; undefined: it is not. */
  readonly readyNs: bigint | undefined;
  /** It is not ready because its network plugin is not; undefined: its kubelet does not say. */
  readonly awaitsNetwork: boolean | undefined;
  /** A taint keeps pods away that do not tolerate it. */
  readonly tainted: boolean;
}

/** The parts of a Node that are read; every one may be missing. */
interface NodeObject {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly providerID?: string;
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly effect?: string }[];
  };
  readonly status?: {
    readonly addresses?: readonly { readonly type?: string; readonly address?: string }[];
    readonly conditions?: readonly {
      readonly type?: string;
      readonly status?: string;
      readonly message?: string;
      readonly lastTransitionTime?: string;
    }[];
    readonly nodeInfo?: {
      readonly bootID?: string;
      readonly osImage?: string;
      readonly kernelVersion?: string;
      readonly kubeletVersion?: string;
      readonly containerRuntimeVersion?: string;
      readonly architecture?: string;
    };
  };
}

/** As the kubelet words it while its runtime has no network: "... Network plugin returns error: cni plugin not initialized". */
const networkMissing = /network ?(plugin|not ready|unavailable)|cni (plugin|config)/i;

/** Schemes of `spec.providerID`, and the clouds as OpenTelemetry names them. */
const providers: Readonly<Record<string, string>> = {
  aws: 'aws',
  gce: 'gcp',
  azure: 'azure',
  alicloud: 'alibaba_cloud',
  oci: 'oracle_cloud',
  ibm: 'ibm_cloud',
  tencentcloud: 'tencent_cloud',
};

/** Reads a node out of what the API server sent; undefined when it is none. */
export function nodeSnapshot(object: unknown): NodeSnapshot | undefined {
  const { metadata, spec, status } = (object ?? {}) as NodeObject;
  if (metadata?.name === undefined) return undefined;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const isReady = ready?.status === 'True';
  const isTold = isReady || ready?.status === 'False';
  return {
    name: metadata.name,
    facts: factsOf(object as NodeObject, metadata.name),
    createdNs: parseTimeNs(metadata.creationTimestamp) ?? undefined,
    readyNs: isReady ? (parseTimeNs(ready.lastTransitionTime) ?? undefined) : undefined,
    awaitsNetwork: isTold ? !isReady && networkMissing.test(ready.message ?? '') : undefined,
    tainted:
      spec?.unschedulable === true ||
      (spec?.taints ?? []).some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute'),
  };
}

function factsOf({ metadata, spec, status }: NodeObject, name: string): NodeFacts {
  const label = (key: string): string | undefined => metadata?.labels?.[key];
  const { providerID = '' } = spec ?? {};
  const info = status?.nodeInfo;
  const provider = providers[/^(\w+):\/\//.exec(providerID)?.[1] ?? ''];
  const instance = provider === undefined ? '' : (providerID.split('/').at(-1) ?? '');
  const facts = {
    name,
    uid: metadata?.uid,
    bootId: bootIdOf(info?.bootID ?? ''),
    instanceId: instance === '' ? undefined : instance,
    instanceType: label('node.kubernetes.io/instance-type'),
    architecture: info?.architecture,
    privateIp: status?.addresses?.find(({ type }) => type === 'InternalIP')?.address,
    region: label('topology.kubernetes.io/region'),
    availabilityZone: label('topology.kubernetes.io/zone'),
    cloudProvider: provider,
    osDescription: info?.osImage,
    kernelVersion: info?.kernelVersion,
    kubeletVersion: info?.kubeletVersion,
    containerRuntime: info?.containerRuntimeVersion,
  };
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined && value !== ''),
  );
}
