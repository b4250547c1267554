import { cannotRunHere } from './errors.ts';
import type { LocalPaths } from './paths.ts';
import { maxWorkers } from './plan.ts';

/** Nodes have folders of their own in these places, and would not see programs and files of the host that lie there. */
const nodesOwn = ['/var/lib/', '/var/log/', '/run/', '/var/run/'];

/** Throws for a cluster that cannot be made, whatever the machine. */
export function checkRequest(workers: number, { clusterDir, cacheDir }: LocalPaths): void {
  if (!Number.isInteger(workers) || workers < 1 || workers > maxWorkers)
    throw cannotRunHere(
      `number of workers: 1 to ${maxWorkers} expected, got ${workers}; --nodes says how many`,
    );
  for (const folder of [clusterDir, cacheDir]) {
    const hidden = nodesOwn.find((place) => folder.startsWith(place));
    if (hidden !== undefined)
      throw cannotRunHere(
        `folder outside ${hidden} expected, which nodes do not share with the host, got ${folder}; set XDG_STATE_HOME and XDG_CACHE_HOME`,
      );
  }
}
