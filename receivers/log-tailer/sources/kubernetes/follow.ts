import type { KubeClient } from '../../../shared/kubernetes/client.ts';
import { followCollection } from '../../../shared/kubernetes/collection.ts';
import type { Log } from '../../../shared/log.ts';
import type { WallClock } from '../../../shared/wall-clock.ts';
import type { SourceReport } from '../../core/source-report.ts';
import type { Source, SourceOptions } from '../../core/source.ts';
import type { PodChoice } from './measured-pod.ts';
import { nodeSnapshot, type NodeSnapshot } from './node-snapshot.ts';
import { createKubernetesObserver } from './observer.ts';
import { nodePath, podsPath } from './paths.ts';
import { podSnapshot, type PodSnapshot } from './pod-snapshot.ts';

export interface FollowKubernetesOptions extends SourceOptions {
  /** Its name. */
  readonly node: string;
  readonly pod: PodChoice;
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
}

/** Watches the node and its pods. Needs the rights to list and watch nodes, and pods of the chosen namespace. */
export function followKubernetes(options: FollowKubernetesOptions): Source {
  const { node, pod, client, clock, log, signal, onChange } = options;
  const observer = createKubernetesObserver({ pod });

  function follow<Snapshot>(
    of: { readonly path: string; readonly query: Readonly<Record<string, string>> },
    read: (object: unknown) => Snapshot | undefined,
    see: (snapshot: Snapshot, heardNs: bigint | undefined) => void,
  ) {
    // What the first list shows may have been so for long.
    let listed = false;
    const collection = followCollection<Snapshot>({
      ...of,
      client,
      clock,
      log,
      signal,
      read: (object) => {
        const snapshot = read(object);
        return snapshot === undefined ? [] : [snapshot];
      },
      onChange: () => {
        const heardNs = listed ? clock.nowNs() : undefined;
        listed = true;
        for (const each of collection.places()) see(each, heardNs);
        onChange();
      },
    });
    return collection;
  }

  const nodes = follow<NodeSnapshot>(nodePath(node), nodeSnapshot, observer.node);
  const pods = follow<PodSnapshot>(podsPath(node, pod), podSnapshot, observer.pod);

  function problem(): Pick<SourceReport, 'problem' | 'pending'> | undefined {
    const [first] = [nodes, pods].map((each) => each.problem()).filter(Boolean);
    if (first !== undefined) return { problem: first };
    if (!nodes.listed() || !pods.listed())
      return {
        problem: `the API server ${client.server.origin} has not answered yet`,
        pending: true,
      };
    const isThere = nodes.places()[Symbol.iterator]().next().done !== true;
    return isThere ? undefined : { problem: `there is no node ${node}` };
  }

  return {
    evidence: () => {
      observer.problem(problem());
      return observer.evidence();
    },
    ended: Promise.all([nodes.ended, pods.ended]).then(() => undefined),
  };
}
