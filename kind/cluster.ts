import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { LocalContext } from '../local/context.ts';
import { runOk } from '../local/host/run.ts';
import { clusterName } from '../local/plan.ts';
import { repository } from '../local/repository.ts';
import { hostPorts, renderConfig } from './config.ts';
import { engineChoice, type Engine } from './engine.ts';
import type { KindPaths } from './paths.ts';

const reportEveryMs = 10_000;

/** What commands of kind's are run with. */
export interface KindTools {
  /** Path of the program. */
  readonly kind: string;
  /** Of the cluster. */
  readonly name: string;
  readonly engine: Engine;
  readonly context: LocalContext;
}

/** kind with the engine that was found: of its own accord it would take one that is installed and does not answer. */
export function kindTools(kind: string, engine: Engine, context: LocalContext): KindTools {
  const env = { ...context.env, [engineChoice]: engine.name };
  return { kind, engine, name: clusterName, context: { ...context, env } };
}

/** Names of the cluster's nodes; none where it is not there. */
export async function findNodes({ kind, name, context }: KindTools): Promise<string[]> {
  const listed = await runOk(kind, ['get', 'nodes', '--name', name], context);
  return listed.split('\n').filter((line) => line !== '');
}

/** Makes the cluster of kind/cluster.yaml. KUBE_LATENCY_KIND_IMAGE names the image of its nodes; without, kind's own. */
export async function createKindCluster(
  workers: number,
  paths: KindPaths,
  { kind, name, context }: KindTools,
): Promise<void> {
  const { env, progress } = context;
  const text = await readFile(join(repository, 'kind/cluster.yaml'), 'utf8');
  const ports = await freePorts(hostPorts(text));
  for (const [wanted, free] of ports)
    if (wanted !== free) progress(`port ${wanted} is taken; taking ${free} for it`);
  const hostPort = (wanted: number): number => ports.get(wanted) ?? wanted;
  await writeFile(paths.config, renderConfig(text, { workers, folder: repository, hostPort }));
  const image = env['KUBE_LATENCY_KIND_IMAGE'] ?? '';
  const flags = ['--name', name, '--config', paths.config, '--kubeconfig', paths.kubeconfig];
  const label = `making ${workers + 1} nodes${image === '' ? '' : ` of ${image}`} with kind`;
  progress(label);
  const start = performance.now();
  const timer = setInterval(
    () => progress(`${label}, ${Math.round((performance.now() - start) / 1000)} s`),
    reportEveryMs,
  );
  try {
    const imageFlags = image === '' ? [] : ['--image', image];
    await runOk(kind, ['create', 'cluster', ...flags, ...imageFlags], { ...context, group: true });
  } finally {
    clearInterval(timer);
  }
}

/** For each port itself where it is free on loopback, else one that is. */
async function freePorts(wanted: readonly number[]): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const port of wanted) found.set(port, (await tryPort(port)) ?? (await tryPort(0)) ?? port);
  return found;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
