import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kindPaths } from '../../kind/paths.ts';
import { localPaths } from '../../local/paths.ts';
import { clusterStateSchema, type ClusterState } from '../../local/state.ts';
import { start, type CommandOptions, type Finished, type Running } from './command.ts';

const paths = localPaths(process.env);

/** The running cluster that the tests share, without an engine or of kind. */
export async function cluster(): Promise<ClusterState> {
  return clusterNow();
}

/** The same at once. On kind, the gateway's file is given as this machine sees it. */
export function clusterNow(): ClusterState {
  const { stateFile } = existsSync(paths.stateFile) ? paths : kindPaths(process.env);
  const state = clusterStateSchema.parse(JSON.parse(readFileSync(stateFile, 'utf8')));
  if (state.on === 'local') return state;
  const controlPlane = state.nodes.find(({ role }) => role === 'control-plane');
  assert.ok(controlPlane);
  return { ...state, spansFile: `/proc/${kindNodePid(controlPlane.name)}/root${state.spansFile}` };
}

/** Id of the first process of a node of kind. */
export function kindNodePid(node: string): number {
  const args = ['inspect', '--format', '{{.State.Pid}}', node];
  return Number(execFileSync('docker', args, { encoding: 'utf8' }));
}

/** Path of a program that the cluster is made of. */
export function program(name: string): string {
  return join(paths.cacheDir, 'bin', name);
}

/** kubectl as the cluster's administrator. */
export function startKubectl(args: readonly string[], options: CommandOptions = {}): Running {
  return start(program('kubectl'), args, {
    ...options,
    env: { KUBECONFIG: clusterNow().kubeconfig },
  });
}

/** What kubectl answers, though it fail. */
export function tryKubectl(args: readonly string[]): Promise<Finished> {
  return startKubectl(args).finished;
}

/** Standard output of kubectl; fails where kubectl does. */
export async function kubectl(args: readonly string[]): Promise<string> {
  const finished = await tryKubectl(args);
  assert.equal(finished.code, 0, `kubectl ${args.join(' ')}: ${finished.stderr}`);
  return finished.stdout;
}

/** Applies manifests in YAML. */
export function kubectlApply(yaml: string): Promise<void> {
  return withManifests(yaml, ['apply', '--server-side']);
}

/** Deletes what manifests in YAML name, as far as it is there. */
export function kubectlDelete(yaml: string): Promise<void> {
  return withManifests(yaml, ['delete', '--ignore-not-found']);
}

async function withManifests(yaml: string, args: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-manifests-'));
  try {
    const file = join(folder, 'manifests.yaml');
    await writeFile(file, yaml);
    await kubectl([...args, '--filename', file]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Names of the probe pods that are there. */
export async function probePods(): Promise<string[]> {
  const { proberNamespace } = await cluster();
  const listed = await kubectl([
    '--namespace',
    proberNamespace,
    'get',
    'pods',
    '--selector=app=probe',
    '--output=name',
  ]);
  return listed.split('\n').filter((line) => line !== '');
}
