import type { LocalContext } from './context.ts';
import { lockCluster } from './host/lock.ts';
import { checkPlatform } from './host/platform.ts';
import { localPaths } from './paths.ts';
import { takeDown } from './take-down.ts';

/**
 * Removes all that `up` made: processes, network, cgroups, files; the cache of built programs stays. Harmless where there is
 * nothing, and after a crash of `up` at any moment. Resolves with whether there was something to remove.
 */
export async function down(context: LocalContext): Promise<boolean> {
  checkPlatform(process.platform, process.getuid?.());
  const paths = localPaths(context.env);
  using _lock = await lockCluster(paths.clusterDir);
  context.progress('removing the local cluster');
  return takeDown(paths);
}
