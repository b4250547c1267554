/**
 * Runs the end-to-end tests on a real cluster of this machine, which `npm start` makes. Where none can be made here, those that
 * need one are skipped, which is said; KUBE_LATENCY_E2E=required makes that a failure. A cluster that runs already is used and left
 * running, and what needs a machine without one is skipped.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalClusterError } from '../../local/errors.ts';
import { ensurePrograms } from '../../local/programs/ensure.ts';
import type { ProgramName } from '../../local/programs/tools.ts';
import { program } from '../support/cluster.ts';
import { kubeLatency, start, type Finished } from '../support/command.ts';
import { takeSnapshot } from '../support/host-snapshot.ts';
import { beside, fromNothing, onTheCluster, withoutCluster } from './suites.ts';

const cannotRunHere = 2;
const longestMs = 60 * 60_000;
const programs = { KUBE_LATENCY_OTELCOL: program('otelcol-kube-latency') };
const required = process.env.KUBE_LATENCY_E2E === 'required';

process.exitCode = await main();

async function main(): Promise<number> {
  if ((await kubeLatency(['status'])).code === 0) {
    const skipped = fromNothing.filter((name) => !onTheCluster.includes(name));
    skip(skipped, 'a cluster runs here already; `kube-latency down` removes it');
    return required ? 1 : runSuites(onTheCluster);
  }
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-e2e-'));
  try {
    return await fromNothingIn(folder);
  } finally {
    await kubeLatency(['down']);
    await rm(folder, { recursive: true });
  }
}

async function fromNothingIn(folder: string): Promise<number> {
  // Only root sees all of it, and makes a cluster.
  const before = process.getuid?.() === 0 ? takeSnapshot() : undefined;
  const env = { TMPDIR: join(folder, 'tmp') };
  await mkdir(env.TMPDIR);
  const started = await runShown('npm', ['start', '--', '--on', 'local'], env);
  if (started.code === cannotRunHere) {
    const { run, skipped } = withoutCluster(!required && (await programsAreHere()));
    skip(skipped, 'no cluster can be made here (see above)');
    return required ? 1 : runSuites(run, env);
  }
  const record = join(folder, 'start.json');
  await writeFile(record, JSON.stringify({ before, started }));
  return runSuites(fromNothing, { ...env, KUBE_LATENCY_E2E_RECORD: record });
}

/** Builds what is missing of the programs that suites without a cluster name by their paths; false where it cannot. */
async function programsAreHere(): Promise<boolean> {
  const progress = (line: string): void => console.error(line);
  const context = { env: process.env, signal: new AbortController().signal, progress };
  const named: readonly ProgramName[] = [
    'kubectl',
    'otelcol-kube-latency',
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
  ];
  try {
    await ensurePrograms(named, true, context);
    return true;
  } catch (error) {
    if (!(error instanceof LocalClusterError)) throw error;
    progress(error.message);
    return false;
  }
}

function skip(names: readonly string[], reason: string): void {
  console.error(`\nSKIPPED end-to-end tests: ${names.join(', ')}\nReason: ${reason}\n`);
}

async function runSuites(
  names: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const aside: readonly string[] = beside.filter((name) => names.includes(name));
  const others = mochaOf(names.filter((name) => !aside.includes(name)));
  const [shown, quiet] = await Promise.all([
    runShown(process.execPath, others, { ...programs, ...env }),
    aside.length === 0
      ? undefined
      : runHidden(process.execPath, mochaOf(aside), { ...programs, ...env }),
  ]);
  process.stdout.write(quiet?.stdout ?? '');
  process.stderr.write(quiet?.stderr ?? '');
  return (shown.code ?? 1) || (quiet === undefined ? 0 : (quiet.code ?? 1));
}

function mochaOf(names: readonly string[]): readonly string[] {
  const files = names.map((name) => fileURLToPath(new URL(`${name}.e2e.test.ts`, import.meta.url)));
  return [fileURLToPath(import.meta.resolve('mocha/bin/mocha.js')), '--reporter', 'spec', ...files];
}

async function runShown(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const { child, finished } = start(command, args, { env, timeoutMs: longestMs });
  child.stdout?.pipe(process.stdout);
  child.stderr?.pipe(process.stderr);
  return finished;
}

/** What it prints is in the result. */
function runHidden(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Finished> {
  return start(command, args, { env, timeoutMs: longestMs }).finished;
}
