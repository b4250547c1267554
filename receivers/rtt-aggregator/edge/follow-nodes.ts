import type { KubeClient } from '../../shared/kubernetes/client.ts';
import { followCollection } from '../../shared/kubernetes/collection.ts';
import type { Log } from '../../shared/log.ts';
import type { MeshPlace } from '../../shared/mesh/tally-report.ts';
import type { WallClock } from '../../shared/wall-clock.ts';
import { expectedNode } from '../core/expected-node.ts';

export interface FollowNodesOptions {
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface FollowedNodes {
  /** Those that are known by now; none where they may not be listed. */
  readonly places: () => Iterable<MeshPlace>;
  readonly ended: Promise<void>;
}

/** Watches the nodes of Kubernetes until the signal ends: where no pinger runs, nobody else would tell of it. */
export function followNodes(options: FollowNodesOptions): FollowedNodes {
  const { places, ended } = followCollection<MeshPlace>({
    ...options,
    path: '/api/v1/nodes',
    query: {},
    read: expectedNode,
    onChange: () => {
      // They are read whenever culprits are looked for.
    },
  });
  return { places, ended };
}
