import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { LocalProcess } from '../../../local/inspection.ts';
import type { ClusterState } from '../../../local/state.ts';
import { messageOf } from '../../../receivers/shared/errors.ts';
import type { CommandContext } from '../../command.ts';
import {
  hidden,
  seen,
  type ApiServerProcess,
  type CollectorFacts,
  type ControlPlaneProcess,
  type Seen,
  type TracingSettings,
} from '../facts.ts';
import { countersOf, versionOf } from './metrics.ts';
import { etcdFlags, parseFlags } from './flags.ts';

/** What the processes of the cluster that `up` made tell of themselves, on this machine. */
export interface LocalFacts {
  readonly apiServers: Seen<readonly ApiServerProcess[]>;
  readonly etcds: Seen<readonly ControlPlaneProcess[]>;
  /** Environment of the container runtime by node. */
  readonly runtimes: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly collectors: readonly CollectorFacts[];
}

/** The agents' own metrics, on the loopback of each node. */
const metricsUrl = 'http://127.0.0.1:8888/metrics';

export async function readLocal(
  state: ClusterState,
  context: Pick<CommandContext, 'env' | 'signal'>,
  version: string | null,
): Promise<LocalFacts> {
  const { localProcesses } = await import('../../../local/inspection.ts');
  const processes = localProcesses(context);
  const controlPlane = state.nodes.find(({ role }) => role === 'control-plane')?.name ?? null;
  const named = (component: string): LocalProcess[] =>
    processes.filter((each) => each.component === component);
  return {
    apiServers: await settled(named('kube-apiserver'), async ({ args }) => ({
      node: controlPlane,
      flags: parseFlags(args),
      version,
      tracing: await readTracing(parseFlags(args).get('tracing-config-file')),
    })),
    etcds: await settled(named('etcd'), async (running) => ({
      node: controlPlane,
      flags: etcdFlags(running.args, running.env),
      version: await etcdVersion(running),
    })),
    // The environment of somebody else's process reads as empty.
    runtimes: new Map(
      named('containerd').flatMap(({ node, env }) =>
        node === null || Object.keys(env).length === 0 ? [] : [[node, env] as const],
      ),
    ),
    collectors: await readAgents(processes, context),
  };
}

/** Processes that do not run, or may not be looked at, show nothing. */
async function settled<T>(
  processes: readonly LocalProcess[],
  describe: (process: LocalProcess) => Promise<T>,
): Promise<Seen<readonly T[]>> {
  const readable = processes.filter(({ args }) => args.length > 1);
  if (readable.length === 0) return hidden('its process does not run, or may not be looked at');
  return seen(await Promise.all(readable.map(describe)));
}

const tracingSchema = z.object({
  endpoint: z.string().optional(),
  samplingRatePerMillion: z.number().optional(),
});

async function readTracing(path: string | undefined): Promise<Seen<TracingSettings>> {
  if (path === undefined) return hidden('there is no --tracing-config-file');
  try {
    const { endpoint, samplingRatePerMillion } = tracingSchema.parse(
      parse(await readFile(path, 'utf8')),
    );
    return seen({
      endpoint: endpoint ?? null,
      samplingRatePerMillion: samplingRatePerMillion ?? null,
    });
  } catch (error) {
    return hidden(`reading ${path}: ${messageOf(error)}`);
  }
}

async function etcdVersion(running: LocalProcess): Promise<string | null> {
  const metrics = await running.read('http://127.0.0.1:2381/metrics');
  return /^etcd_server_version\{server_version="([^"]+)"\}/m.exec(metrics ?? '')?.[1] ?? null;
}

/** The agents are pods, but whoever is in their node's network can read what they count. */
async function readAgents(
  processes: readonly LocalProcess[],
  { env, signal }: Pick<CommandContext, 'env' | 'signal'>,
): Promise<CollectorFacts[]> {
  const { status } = await import('../../../local/status.ts');
  const health = await status({ env, signal, progress: () => undefined });
  const agents = (health?.components ?? []).flatMap(({ name, healthy }) => {
    const [component, node] = name.split(' on ');
    return component === 'agent' && node !== undefined ? [{ node, healthy }] : [];
  });
  return Promise.all(
    agents.map(async ({ node, healthy }) => {
      const holder = processes.find((each) => each.component === 'node' && each.node === node);
      const metrics = await holder?.read(metricsUrl);
      return {
        name: 'agent',
        node,
        healthy,
        state: healthy ? 'healthy' : 'not healthy',
        advice:
          'kubectl logs --namespace=kube-latency-node --selector=app.kubernetes.io/name=agent',
        version: versionOf(metrics ?? ''),
        counters: metrics === undefined ? hidden('it shows no metrics') : countersOf(metrics),
      };
    }),
  );
}
