import { sleep } from '../../receivers/shared/deadline.ts';
import { statusMessage, type KubeClient } from '../../receivers/shared/kubernetes/client.ts';
import { followCollection } from '../../receivers/shared/kubernetes/collection.ts';
import type { Log } from '../../receivers/shared/log.ts';
import type { WallClock } from '../../receivers/shared/wall-clock.ts';
import type { Judgement } from '../controller/core/status.ts';
import { nodeFacts, type NodeFacts } from './node-facts.ts';
import { trialName, trialPod, trialPodObject, type Trial, type TrialPod } from './trial-pod.ts';
import { createTrials, type SeenImage } from './trials.ts';

export interface TrialRunnerOptions {
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The operator's, where trials run. */
  readonly namespace: string;
  readonly onChange: () => void;
}

/** Runs trials of images. */
export interface TrialRunner {
  /** Images to be tried from now on. */
  readonly want: (images: ReadonlySet<string>) => void;
  /** Undefined: nothing is known yet. */
  readonly judgement: (image: string) => Judgement | undefined;
  readonly seen: () => ReadonlyMap<string, SeenImage>;
  readonly ended: Promise<void>;
}

const timeoutMs = 10_000;
const gatherMs = 200;
const idleMs = 60_000;

/** Tries images until the signal ends. Pods of trials that are over, or wanted no more, are deleted. */
export function startTrials(options: TrialRunnerOptions): TrialRunner {
  const { client, clock, log, signal, namespace, onChange } = options;
  const trials = createTrials();
  const path = `/api/v1/namespaces/${namespace}/pods`;
  let wanted: ReadonlySet<string> = new Set();
  let seen: ReadonlyMap<string, SeenImage & { readonly judgement: Judgement }> = new Map();
  let told = '';
  let bell = new AbortController();
  const changed = (): void => bell.abort();
  signal.addEventListener('abort', changed, { once: true });

  const common = { client, clock, log, signal, onChange: changed };
  const nodes = followCollection<NodeFacts>({
    ...common,
    path: '/api/v1/nodes',
    query: {},
    read: nodeFacts,
  });
  const pods = followCollection<TrialPod>({
    ...common,
    path,
    query: { labelSelector: `app.kubernetes.io/name=${trialName}` },
    read: trialPod,
  });

  async function turn(): Promise<number | undefined> {
    if (!nodes.listed() || !pods.listed()) return undefined;
    const step = trials.step({
      images: wanted,
      nodes: [...nodes.places()],
      pods: [...pods.places()],
      nowMs: performance.now(),
    });
    const before = JSON.stringify([...seen.values()].map(({ judgement }) => judgement));
    seen = step.seen;
    if (JSON.stringify([...seen.values()].map(({ judgement }) => judgement)) !== before) onChange();
    for (const name of step.remove) await remove(name);
    for (const trial of step.create) await create(trial);
    return step.againMs;
  }

  async function create(trial: Trial): Promise<void> {
    const body = trialPodObject(trial, namespace);
    const answer = await client.request({ verb: 'create', path, body }, { timeoutMs, signal });
    // One of that name may still be on its way out.
    if (answer.kind === 'answer' && [201, 409].includes(answer.status)) return;
    tell(answer.kind === 'failed' ? answer.message : (statusMessage(answer.body) ?? ''));
  }

  async function remove(name: string): Promise<void> {
    const request = { verb: 'delete', path: `${path}/${name}` } as const;
    const answer = await client.request(request, { timeoutMs, signal });
    if (answer.kind === 'answer' && [200, 202, 404].includes(answer.status)) return;
    tell(answer.kind === 'failed' ? answer.message : (statusMessage(answer.body) ?? ''));
  }

  function tell(problem: string): void {
    if (problem !== told && !signal.aborted) log.warn({ problem }, 'trial of an image');
    told = problem;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      bell = new AbortController();
      const again = await turn();
      const waitMs = again === undefined ? idleMs : Math.max(0, again - performance.now());
      await sleep(Math.min(waitMs, idleMs), bell.signal);
      await sleep(gatherMs, signal);
    }
    await Promise.all([nodes.ended, pods.ended]);
  }

  return {
    want: (images) => {
      if (images.size === wanted.size && [...images].every((each) => wanted.has(each))) return;
      wanted = images;
      changed();
    },
    judgement: (image) => seen.get(image)?.judgement,
    seen: () => seen,
    ended: run(),
  };
}
