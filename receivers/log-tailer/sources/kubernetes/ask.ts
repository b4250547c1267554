import type { KubeClient } from '../../../shared/kubernetes/client.ts';
import { listPages, type ListOptions } from '../../../shared/kubernetes/list-pages.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { PodChoice } from './measured-pod.ts';
import { nodeSnapshot } from './node-snapshot.ts';
import { createKubernetesObserver } from './observer.ts';
import { nodePath, podsPath } from './paths.ts';
import { podSnapshot } from './pod-snapshot.ts';

export interface AskKubernetesOptions {
  readonly node: string;
  readonly pod: PodChoice;
  readonly client: KubeClient;
  readonly signal: AbortSignal;
}

/** Asks once for the node and its pods. What cannot be read is told as a problem. */
export async function askKubernetes(options: AskKubernetesOptions): Promise<Evidence> {
  const { node, pod, client, signal } = options;
  const observer = createKubernetesObserver({ pod });
  let nodes = 0;

  async function list(
    of: Pick<ListOptions, 'path' | 'query'>,
    see: (object: unknown) => void,
  ): Promise<string | undefined> {
    const listing = () => ({
      page: (items: readonly unknown[]) => items.forEach(see),
      end: () => undefined,
    });
    const listed = await listPages({ ...of, client, signal, listing });
    return listed.kind === 'listed' ? undefined : listed.message;
  }

  const problems = await Promise.all([
    list(nodePath(node), (object) => {
      const snapshot = nodeSnapshot(object);
      if (snapshot === undefined) return;
      nodes++;
      observer.node(snapshot, undefined);
    }),
    list(podsPath(node, pod), (object) => {
      const snapshot = podSnapshot(object);
      if (snapshot !== undefined) observer.pod(snapshot, undefined);
    }),
  ]);
  const [problem] = problems.filter(Boolean);
  const wrong = problem ?? (nodes === 0 ? `there is no node ${node}` : undefined);
  observer.problem(wrong === undefined ? undefined : { problem: wrong });
  return observer.evidence();
}
