/**
 * Runs end-to-end tests on a cluster that kind makes of kind/cluster.yaml, with the overlay of ./kind, which differs from the
 * shipped one in the names of images. KUBE_LATENCY_KIND_IMAGE names the image of the nodes; without, kind takes its own.
 * Where no cluster can be made they are skipped, which is said; KUBE_LATENCY_E2E=required makes that a failure.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNodes, kindTools } from '../../kind/cluster.ts';
import { findEngine } from '../../kind/engine.ts';
import { findKind } from '../../kind/programs.ts';
import { clusterName } from '../../local/plan.ts';
import { start, type Finished } from '../support/command.ts';
import { testImages } from './kind/images.ts';

const required = process.env.KUBE_LATENCY_E2E === 'required';
const image = process.env.KUBE_LATENCY_KIND_IMAGE ?? '';
/** `kind-down` removes the cluster. */
const suites = ['kind-cluster', 'one-trace', 'pipeline', 'correlation', 'kind-down'];

const stop = new AbortController();
const folder = await mkdtemp(join(tmpdir(), 'kube-latency-kind-'));
/** A state of its own: another cluster may run on this machine. */
const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state') };
const context = { env, signal: stop.signal, progress: (line: string) => console.error(line) };
process.on('SIGINT', () => stop.abort(new Error('stopped by SIGINT')));

try {
  process.exitCode = await main();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  const engine = await findEngine(context).catch((error: Error) => error.message);
  if (typeof engine === 'string') return skip(engine);
  const kind = await findKind(context).catch((error: Error) => error.message);
  const tools = kindTools(kind, engine, context);
  const there = await findNodes(tools).catch((error: Error) => [error.message]);
  if (there.length > 0)
    return skip(`a kind cluster is here, or kind does not run: ${there.join(', ')}`);
  try {
    const images = await testImages(context);
    const flags = image === '' ? [] : ['--image', image];
    const config = ['--config', 'kind/cluster.yaml', '--kubeconfig', join(folder, 'kubeconfig')];
    const made = await shown(kind, ['create', 'cluster', ...config, ...flags]);
    if (made !== 0) return image === '' ? skip('kind made no cluster (see above)') : made;
    for (const path of images) {
      const loaded = await shown(kind, ['load', 'image-archive', path, '--name', clusterName]);
      if (loaded !== 0) return loaded;
    }
    const overlay = ['--on', 'kind', '--overlay', 'test/e2e/kind'];
    const up = await shown(process.execPath, ['cli/main.ts', 'up', ...overlay]);
    return up === 0 ? await runSuites() : up;
  } finally {
    await shown(kind, ['delete', 'cluster', '--name', clusterName]);
  }
}

function skip(reason: string): number {
  console.error(`\nSKIPPED end-to-end tests on kind: ${suites.join(', ')}\nReason: ${reason}\n`);
  return required ? 1 : 0;
}

function runSuites(): Promise<number> {
  const mocha = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));
  const files = suites.map((name) =>
    fileURLToPath(new URL(`${name}.e2e.test.ts`, import.meta.url)),
  );
  return shown(process.execPath, [mocha, '--reporter', 'spec', ...files]);
}

async function shown(program: string, args: readonly string[]): Promise<number> {
  const { child, finished } = start(program, args, { env, timeoutMs: 30 * 60_000 });
  child.stdout?.pipe(process.stdout);
  child.stderr?.pipe(process.stderr);
  const { code }: Finished = await finished;
  return code ?? 1;
}
