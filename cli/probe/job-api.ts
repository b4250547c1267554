import type { ApiPod } from '../../receivers/pod-prober/pod-objects.ts';
import { backoffMs, type Backoff } from '../../receivers/shared/backoff.ts';
import { sleep, startDeadline } from '../../receivers/shared/deadline.ts';
import { messageOf, StartupError } from '../../receivers/shared/errors.ts';
import {
  statusMessage,
  type KubeAnswer,
  type KubeClient,
  type KubeRequest,
} from '../../receivers/shared/kubernetes/client.ts';
import { createLineSplitter } from '../../receivers/shared/kubernetes/lines.ts';
import { withRemedy } from '../../receivers/shared/kubernetes/remedy.ts';
import {
  proberContainer,
  proberCronJob,
  proberNamespace,
  type CronJob,
  type ProbeJob,
} from './job.ts';
import type { JobLog } from './job-log.ts';
import { jobFailure, podStage, type ApiJob, type PodStage } from './job-pod.ts';

export type FoundCronJob =
  | { readonly kind: 'found'; readonly cronJob: CronJob }
  | { readonly kind: 'missing' }
  | { readonly kind: 'forbidden'; readonly message: string };

/** A Job on the server; without uid where the answer to its creation was lost. */
export interface MadeJob {
  readonly name: string;
  readonly uid: string | undefined;
}

export type CreatedJob =
  | { readonly kind: 'created'; readonly job: MadeJob }
  | { readonly kind: 'forbidden'; readonly message: string }
  /** `doubtful`: it may be there nevertheless. */
  | { readonly kind: 'failed'; readonly message: string; readonly doubtful: boolean };

export type ReadLog =
  /** To its end. */
  | { readonly kind: 'read' }
  /** Nothing came for a while. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'failed'; readonly message: string };

/** The API server as a probe in the cluster needs it. */
export interface JobApi {
  /** Rejects with a StartupError where the answer is neither of the three. */
  readonly findCronJob: (signal: AbortSignal) => Promise<FoundCronJob>;
  /** Never cut short: its answer tells whether there is a Job to delete. */
  readonly create: (job: ProbeJob) => Promise<CreatedJob>;
  /** Rejects with a StartupError where that cannot be found out. */
  readonly stage: (job: MadeJob, signal: AbortSignal) => Promise<PodStage>;
  /** Why a Job without a pod will never have one; undefined: it may. */
  readonly failure: (job: MadeJob, signal: AbortSignal) => Promise<string | undefined>;
  /** Follows the log of a pod until its end. Rejects with a StartupError where it may not be read. */
  readonly readLog: (pod: string, log: JobLog, signal: AbortSignal) => Promise<ReadLog>;
  /** Deletes the Job; its pod is then ended and deleted behind it. Says why where that failed. Never rejects. */
  readonly remove: (job: MadeJob) => Promise<string | undefined>;
  /** Waits until no pod of the Job can be seen; false where one can after withinMs. Never rejects. */
  readonly podsGone: (job: MadeJob, withinMs: number) => Promise<boolean>;
}

const attemptTimeoutMs = 15_000;
const backoff: Backoff = { baseMs: 500, capMs: 5000 };
/** How long the API server may be away. */
const patienceMs = 60_000;
const removalMs = 20_000;
const pollMs = 500;
const maxLineBytes = 64 * 1024 * 1024;
/** The log of a probe that waits says nothing; so does a connection that is dead. */
const silenceMs = 60_000;

const jobs = `/apis/batch/v1/namespaces/${proberNamespace}/jobs`;
const cronJobPath = `/apis/batch/v1/namespaces/${proberNamespace}/cronjobs/${proberCronJob}`;
const pods = `/api/v1/namespaces/${proberNamespace}/pods`;

export function createJobApi(client: KubeClient): JobApi {
  /** Sends again what the server was too busy for and, for withinMs, what did not reach it and may be repeated. */
  async function ask(
    request: KubeRequest,
    { withinMs, signal }: { readonly withinMs: number; readonly signal?: AbortSignal },
  ): Promise<KubeAnswer> {
    const deadline = startDeadline(withinMs, signal);
    try {
      for (let attempt = 0; ; attempt++) {
        const answer = await client.request(request, {
          timeoutMs: attemptTimeoutMs,
          signal: deadline.signal,
        });
        if (!mayRepeat(request, answer)) return answer;
        const toldMs = answer.kind === 'answer' ? (answer.retryAfterMs ?? 0) : 0;
        await sleep(toldMs + backoffMs(backoff, attempt, Math.random), deadline.signal);
        if (deadline.signal.aborted) return answer;
      }
    } finally {
      deadline.clear();
    }
  }

  async function podsOf({ name }: MadeJob, limits: Parameters<typeof ask>[1]): Promise<KubeAnswer> {
    const query = { labelSelector: `batch.kubernetes.io/job-name=${name}` };
    return ask({ verb: 'list', path: pods, query }, limits);
  }

  return {
    findCronJob: async (signal) => {
      // Once: whoever mistyped an address wants to know now.
      const request: KubeRequest = { verb: 'get', path: cronJobPath };
      const answer = await client.request(request, { timeoutMs: attemptTimeoutMs, signal });
      signal.throwIfAborted();
      if (isStatus(answer, 200)) return { kind: 'found', cronJob: bodyOf(answer) as CronJob };
      if (isStatus(answer, 404)) return { kind: 'missing' };
      if (isStatus(answer, 403)) return { kind: 'forbidden', message: problem(answer) };
      throw new StartupError(
        `asking ${client.server.origin} for CronJob ${proberNamespace}/${proberCronJob}: ${withRemedy(problem(answer), answer)}`,
      );
    },
    create: async (job) => {
      const answer = await ask({ verb: 'create', path: jobs, body: job }, { withinMs: patienceMs });
      if (answer.kind === 'answer' && answer.status < 300) {
        const { uid } = (answer.body as ApiJob | null)?.metadata ?? {};
        return { kind: 'created', job: { name: job.metadata.name, uid } };
      }
      const message = problem(answer);
      if (isStatus(answer, 403)) return { kind: 'forbidden', message };
      const doubtful = answer.kind === 'failed' ? answer.sentNs !== null : answer.status >= 500;
      return { kind: 'failed', message, doubtful };
    },
    stage: async (job, signal) => {
      const answer = await podsOf(job, { withinMs: patienceMs, signal });
      if (isStatus(answer, 200)) return podStage(itemsOf(answer)[0]);
      throw new StartupError(
        `listing the pods of Job ${job.name}: ${withRemedy(problem(answer), answer)}`,
      );
    },
    failure: async ({ name, uid }, signal) => {
      const limits = { withinMs: patienceMs, signal };
      const answer = await ask({ verb: 'get', path: `${jobs}/${name}` }, limits);
      if (isStatus(answer, 404)) return 'somebody deleted it';
      if (!isStatus(answer, 200)) return undefined;
      const job = bodyOf(answer) as ApiJob;
      return uid !== undefined && job.metadata?.uid !== uid
        ? 'somebody deleted it'
        : jobFailure(job);
    },
    readLog: async (pod, log, signal) => {
      const query = { container: proberContainer, follow: 'true' };
      const request: KubeRequest = { verb: 'get', path: `${pods}/${pod}/log`, query };
      const opened = await client.stream(request, { timeoutMs: silenceMs, signal });
      if (opened.kind === 'failed' && opened.reason === 'timeout') return { kind: 'silent' };
      if (opened.kind !== 'open') {
        const message = `reading the log of pod ${pod}: ${problem(opened)}`;
        if (isStatus(opened, 403)) throw new StartupError(withRemedy(message, opened));
        return { kind: 'failed', message };
      }
      const { response } = opened;
      const splitter = createLineSplitter(maxLineBytes);
      let silent = false;
      const watchdog = setTimeout(() => {
        silent = true;
        response.destroy();
      }, silenceMs);
      log.restart();
      try {
        for await (const chunk of response as AsyncIterable<Buffer>) {
          watchdog.refresh();
          for (const line of splitter.push(chunk)) log.read(line.toString('utf8'));
        }
        return { kind: 'read' };
      } catch (caught) {
        if (silent) return { kind: 'silent' };
        return {
          kind: 'failed',
          message: `reading the log of pod ${pod}: ${messageOf(caught)}`,
        };
      } finally {
        clearTimeout(watchdog);
        response.destroy();
      }
    },
    remove: async ({ name, uid }) => {
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      };
      const request: KubeRequest = { verb: 'delete', path: `${jobs}/${name}`, body };
      const answer = await ask(request, { withinMs: removalMs });
      // 409: the name belongs to another one, so ours is gone.
      const gone = [200, 202, 404, 409].some((status) => isStatus(answer, status));
      return gone ? undefined : problem(answer);
    },
    podsGone: async (job, withinMs) => {
      const deadline = startDeadline(withinMs);
      try {
        while (!deadline.signal.aborted) {
          const answer = await podsOf(job, { withinMs, signal: deadline.signal });
          if (isStatus(answer, 403)) return true;
          if (isStatus(answer, 200) && itemsOf(answer).length === 0) return true;
          await sleep(pollMs, deadline.signal);
        }
        return false;
      } finally {
        deadline.clear();
      }
    },
  };
}

function mayRepeat({ verb }: KubeRequest, answer: KubeAnswer): boolean {
  if (answer.kind === 'answer' && answer.status === 429) return true;
  if (verb === 'create') return false;
  return answer.kind === 'failed'
    ? answer.reason === 'network' || answer.reason === 'timeout'
    : answer.status >= 500;
}

function isStatus(answer: KubeAnswer, status: number): boolean {
  return answer.kind === 'answer' && answer.status === status;
}

function bodyOf(answer: KubeAnswer): unknown {
  return answer.kind === 'answer' ? answer.body : undefined;
}

function itemsOf(answer: KubeAnswer): readonly ApiPod[] {
  return (bodyOf(answer) as { readonly items?: readonly ApiPod[] } | undefined)?.items ?? [];
}

function problem(answer: KubeAnswer): string {
  return answer.kind === 'failed'
    ? answer.message
    : (statusMessage(answer.body) ?? `status ${answer.status}`);
}
