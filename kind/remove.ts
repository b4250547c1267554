import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runOk } from '../local/host/run.ts';
import { findNodes, type KindTools } from './cluster.ts';
import type { KindPaths } from './paths.ts';

const looks = 4;
const betweenMs = 750;
/** An engine that is still starting a node may refuse to remove it. */
const attempts = 10;

/**
 * Removes what a kind that was interrupted made. The engine may still be starting nodes then, so it is looked at until none
 * came for a while.
 */
export async function removeHalfMade(paths: KindPaths, tools: KindTools): Promise<void> {
  let failures = 0;
  for (let empty = 0; empty < looks; empty++) {
    try {
      if (await removeKindCluster(paths, tools)) empty = 0;
    } catch (error) {
      if (++failures === attempts) throw error;
      empty = 0;
    }
    await delay(betweenMs);
  }
}

/** Removes the cluster and all that `up` wrote of it; resolves with whether there was anything. Not ended by the signal. */
export async function removeKindCluster(
  { clusterDir, kubeconfig }: KindPaths,
  tools: KindTools,
): Promise<boolean> {
  const { env, progress } = tools.context;
  const context = { env, progress, signal: new AbortController().signal };
  const nodes = await findNodes({ ...tools, context });
  const flags = ['--name', tools.name, '--kubeconfig', kubeconfig];
  if (nodes.length > 0) await runOk(tools.kind, ['delete', 'cluster', ...flags], context);
  const existed = existsSync(clusterDir);
  await rm(clusterDir, { recursive: true, force: true });
  const parent = dirname(clusterDir);
  if (existsSync(parent) && (await readdir(parent)).length === 0) await rmdir(parent);
  return nodes.length > 0 || existed;
}
