import { existsSync } from 'node:fs';
import type { LocalContext } from './context.ts';
import { createCluster } from './create-cluster.ts';
import { cannotRunHere, clusterFailed, LocalClusterError } from './errors.ts';
import { ensureInstalled } from './host/install.ts';
import { lockCluster } from './host/lock.ts';
import { checkNetwork } from './host/network-in-use.ts';
import { runPrograms } from './host/os-programs.ts';
import { checkPlatform } from './host/platform.ts';
import { checkPorts } from './host/ports.ts';
import { checkRequest } from './limits.ts';
import { localPaths, type LocalPaths } from './paths.ts';
import { ensurePrograms, requireGo } from './programs/ensure.ts';
import { clusterPrograms } from './programs/tools.ts';
import type { ClusterState } from './state.ts';
import { readState, statusOf } from './status.ts';
import { takeDown } from './take-down.ts';

export interface UpOptions {
  /** Workers beside the control plane, 1 to 20. */
  readonly workers: number;
  /** Missing programs of the operating system are an error instead of being installed. */
  readonly noInstall: boolean;
}

/**
 * Makes a local cluster and resolves when spans of all its components arrive. A healthy one of the same size is left as it
 * is; what an interrupted `up`, or a reboot, left of one is removed first; one that is broken is an error that says what
 * is. When it rejects, with LocalClusterError for all that can be foreseen, nothing half-made remains.
 */
export async function up(options: UpOptions, context: LocalContext): Promise<ClusterState> {
  checkPlatform(process.platform, process.getuid?.());
  const paths = localPaths(context.env);
  checkRequest(options.workers, paths);
  using _lock = await lockCluster(paths.clusterDir);
  const running = await runningCluster(options.workers, paths, context);
  if (running !== undefined) return running;
  if (existsSync(paths.clusterDir)) context.progress('removing what an earlier cluster left');
  await takeDown(paths);
  try {
    await requireGo(context);
    checkPorts();
    await ensureInstalled(runPrograms, options.noInstall, context);
    await checkNetwork(context.signal);
    const programs = await ensurePrograms(clusterPrograms, options.noInstall, context);
    return await createCluster(options.workers, programs, context);
  } catch (error) {
    await takeDown(paths);
    throw explain(error, context.signal);
  }
}

/** The cluster that runs already, if it does. Rejects when it is of another size, or partly broken. */
async function runningCluster(
  workers: number,
  paths: LocalPaths,
  context: LocalContext,
): Promise<ClusterState | undefined> {
  const state = await readState(paths).catch(() => undefined);
  if (state === undefined) return undefined;
  const { components, nodes } = await statusOf(state, paths, context.signal);
  if (components.every(({ healthy }) => !healthy)) return undefined;
  const broken = [
    ...components.filter(({ healthy }) => !healthy),
    ...nodes.filter(({ ready }) => !ready),
  ].map(({ name }) => name);
  if (broken.length > 0)
    throw clusterFailed(
      `a local cluster runs, but these are not well: ${broken.join(', ')}; remove it with \`kube-latency down\``,
    );
  const found = state.nodes.length - 1;
  if (found !== workers)
    throw cannotRunHere(
      `a local cluster with ${found} workers runs, ${workers} were asked for; remove it with \`kube-latency down\``,
    );
  return state;
}

function explain(error: unknown, signal: AbortSignal): LocalClusterError {
  if (signal.aborted)
    return clusterFailed('interrupted; everything that was made is removed', { cause: error });
  if (error instanceof LocalClusterError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  return clusterFailed(
    `making the cluster failed: ${cause.message}; everything that was made is removed`,
    { cause },
  );
}
