import { join } from 'node:path';
import type { Snapshotter } from './containerd-config.ts';
import type { HealthCheck } from '../host/journal.ts';
import type { LocalPaths } from '../paths.ts';
import type { NodePlan } from '../plan.ts';
import type { Programs } from '../programs/ensure.ts';

/** One program of the cluster, as it is to be run. */
export interface Component {
  readonly name: string;
  /** The node whose namespaces it enters; null: none, it is the host's. */
  readonly node: NodePlan | null;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Text by path; written before it starts. */
  readonly files: Readonly<Record<string, string>>;
  readonly health: HealthCheck;
}

/** What the rendering of components needs to know. */
export interface ClusterSetup {
  readonly paths: LocalPaths;
  readonly nodes: readonly NodePlan[];
  readonly programs: Programs;
  /** Folder of agent.yaml, gateway.yaml and what is laid over them. */
  readonly collectorConfig: string;
  /** The correlator, bundled. */
  readonly correlator: string;
  readonly snapshotter: Snapshotter;
}

/** OTLP/gRPC of the agent collector, on every node. */
export const agentEndpoint = '127.0.0.1:4317';

/** Spans leave after a second rather than five, so that a trace is whole soon after what it tells of. */
export const exportSoon = { OTEL_BSP_SCHEDULE_DELAY: '1000' } as const;

export function pkiFile(paths: LocalPaths, name: string): string {
  return join(paths.pki, name);
}

/** Command-line flags, in the order given. */
export function flags(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
