import type { Offset } from '../../receivers/pod-prober/clock-offset.ts';

/** Something about a cluster, or why it could not be seen. */
export type Seen<T> =
  { readonly kind: 'seen'; readonly value: T } | { readonly kind: 'hidden'; readonly why: string };

export function seen<T>(value: T): Seen<T> {
  return { kind: 'seen', value };
}

export function hidden(why: string): { readonly kind: 'hidden'; readonly why: string } {
  return { kind: 'hidden', why };
}

/**
 * How the cluster was made, which decides how it is changed: by `kube-latency up`, by kind, by kubeadm (or anything
 * else with static pods), by a provider who runs the control plane, or in a way that cannot be told.
 */
export type Install = 'local' | 'kind' | 'kubeadm' | 'managed' | 'other';

/** Tracing as Kubernetes configures it; null: not set, so the default. */
export interface TracingSettings {
  readonly endpoint: string | null;
  readonly samplingRatePerMillion: number | null;
}

/** A process of the control plane, seen by its static pod or, on this machine, by itself. */
export interface ControlPlaneProcess {
  readonly node: string | null;
  /** Flags by name, without dashes. */
  readonly flags: ReadonlyMap<string, string>;
  /** `v1.37.0` or `3.7.3`; null: not told. */
  readonly version: string | null;
}

export interface ApiServerProcess extends ControlPlaneProcess {
  /** What the file of --tracing-config-file says; the API never shows it. */
  readonly tracing: Seen<TracingSettings>;
}

export interface KubeletFacts {
  /** Null: the configuration has no `tracing`. */
  readonly tracing: TracingSettings | null;
  readonly featureGates: Readonly<Record<string, boolean>>;
}

export interface NodeFacts {
  readonly name: string;
  /** `v1.37.0` */
  readonly kubeletVersion: string;
  /** `containerd://2.4.2` */
  readonly runtimeVersion: string;
  readonly kubelet: Seen<KubeletFacts>;
  /** The environment of the container runtime's process, on this machine only. */
  readonly runtimeEnvironment: Seen<Readonly<Record<string, string>>>;
}

/** Whose spans to look for: a service, on one node or, where that is null, anywhere. */
export interface Sender {
  readonly service: string;
  readonly node: string | null;
}

export function senderKey({ service, node }: Sender): string {
  return node === null ? service : `${service} on ${node}`;
}

export interface Arrivals {
  /** Address of the backend that was asked. */
  readonly address: string;
  /** How far back it was asked, in seconds. */
  readonly withinSeconds: number;
  /** By senderKey: seconds since the newest span, null where there is none. */
  readonly ages: ReadonlyMap<string, Seen<number | null>>;
}

export interface Certificate {
  readonly commonName: string;
  /** The groups of whoever shows it. */
  readonly organisations: readonly string[];
  readonly notAfterMs: number;
}

/** A right, and what it is for. */
export interface Right {
  readonly verb: string;
  readonly resource: string;
  /** Null: in all namespaces. */
  readonly namespace: string | null;
}

export interface RightAnswer extends Right {
  readonly allowed: Seen<boolean>;
}

/** Who runs probes. */
export interface ProberFacts {
  /** Where the identity comes from, for messages. */
  readonly origin: string;
  readonly namespace: string;
  /** Null: it shows none, but for example a token. */
  readonly certificate: Certificate | null;
  /** Who it is to the API server. */
  readonly user: Seen<{ readonly name: string; readonly groups: readonly string[] }>;
  readonly rights: readonly RightAnswer[];
}

/** Who the correlators are to the API server. */
export interface CorrelatorFacts {
  readonly user: string;
  readonly rights: readonly RightAnswer[];
}

/** Clocks against that of this machine. */
export interface ClockFacts {
  readonly apiServer: Offset;
  /** By the node's name: its clock minus the API server's. */
  readonly nodes: ReadonlyMap<string, Seen<Offset>>;
}

/** What the manifests call the gateway. */
export const gatewayName = 'gateway';

/** A part of kube-latency that runs: an agent, the gateway, the pingers, ... */
export interface CollectorFacts {
  readonly name: string;
  readonly node: string | null;
  readonly healthy: boolean;
  /** Why it counts as healthy or not, or how many of it are ready. */
  readonly state: string;
  /** Where to look when it is not. */
  readonly advice: string;
  /** Of the collector that it runs, as that tells it itself; null: not told. */
  readonly version: string | null;
  /** Counters of its own since it began, hidden where they cannot be reached; null: it is no collector. */
  readonly counters: Seen<CollectorCounters> | null;
}

export interface CollectorCounters {
  readonly refusedSpans: number;
  /** By exporter. */
  readonly failedSpans: ReadonlyMap<string, number>;
  /** Fullest queue, from 0 to 1. */
  readonly queueShare: number;
}

/** All that is known about a cluster. */
export interface Facts {
  readonly server: string;
  readonly nowMs: number;
  readonly install: Install;
  readonly version: Seen<string>;
  readonly apiServers: Seen<readonly ApiServerProcess[]>;
  /** Flags that the API server itself tells at /flagz. */
  readonly flagz: Seen<ReadonlyMap<string, string>>;
  readonly etcds: Seen<readonly ControlPlaneProcess[]>;
  readonly nodes: Seen<readonly NodeFacts[]>;
  readonly arrivals: Seen<Arrivals>;
  readonly prober: ProberFacts;
  readonly correlator: Seen<CorrelatorFacts>;
  readonly clocks: ClockFacts;
  readonly collectors: Seen<readonly CollectorFacts[]>;
  /** Tags of the images that its pods run, by repository. */
  readonly images: Seen<ReadonlyMap<string, ReadonlySet<string>>>;
}
