import { probeOptions } from '../../receivers/pod-prober/config.ts';
import type { ProbeReport } from '../../receivers/pod-prober/report.ts';
import { sleep } from '../../receivers/shared/deadline.ts';
import { StartupError } from '../../receivers/shared/errors.ts';
import { createKubeClient } from '../../receivers/shared/kubernetes/client.ts';
import type { KubeConnection } from '../../receivers/shared/kubernetes/config.ts';
import { randomHex } from '../../receivers/shared/span-ids.ts';
import { createWallClock, processClocks } from '../../receivers/shared/wall-clock.ts';
import type { CommandContext } from '../command.ts';
import { progressLog } from '../progress-log.ts';
import { createJobApi, type JobApi, type MadeJob } from './job-api.ts';
import { podFlags } from './job-flags.ts';
import { createJobLog, type JobLog } from './job-log.ts';
import { probeJob, proberContainer, proberNamespace, type CronJob } from './job.ts';

export type JobOutcome =
  | { readonly kind: 'ran'; readonly report: ProbeReport }
  /** It can not be done in the cluster: not deployed, or `why`. */
  | { readonly kind: 'not-here'; readonly why: string | undefined };

const pollMs = 500;
/** A pod that begins sooner needs no explanation. */
const quietMs = 5000;
/** A node may have to be added first. */
const beginMs = 300_000;
/** What the API server, the kubelet and the garbage collector need beside the pod's own grace period. */
const graceMarginMs = 15_000;
const defaultGraceS = 30;
/** A creation without an answer may still become a Job this much later. */
const doubtMs = 1000;
const logAttempts = 5;
const hereInstead = '--here probes from this machine';

/**
 * Probes in the cluster, where the pipeline is deployed there: as a Job made from its CronJob, followed and then deleted.
 * Rejects with a ConfigError or StartupError of one line where that went wrong, and with the signal's reason where it was
 * stopped before the prober ran.
 */
export async function probeInCluster(
  context: CommandContext,
  connection: KubeConnection,
  args: readonly string[],
): Promise<JobOutcome> {
  const client = createKubeClient(connection, createWallClock(processClocks), 'kube-latency-probe');
  try {
    const api = createJobApi(client);
    const found = await api.findCronJob(context.signal);
    switch (found.kind) {
      case 'missing':
        return { kind: 'not-here', why: undefined };
      case 'forbidden':
        return { kind: 'not-here', why: found.message };
      case 'found':
        return await runJob(context, api, { cronJob: found.cronJob, args });
    }
  } finally {
    client.close();
  }
}

interface Asked {
  readonly cronJob: CronJob;
  readonly args: readonly string[];
}

async function runJob(
  context: CommandContext,
  api: JobApi,
  { cronJob, args }: Asked,
): Promise<JobOutcome> {
  const { signal, progress } = context;
  const flags = podFlags(args, { options: probeOptions, namespace: proberNamespace });
  const { containers, terminationGracePeriodSeconds } = cronJob.spec.jobTemplate.spec.template.spec;
  if (!containers.some(({ name }) => name === proberContainer)) {
    throw new StartupError(
      `CronJob ${proberNamespace}/${cronJob.metadata.name}: expected a container ${proberContainer}, found none; ${hereInstead}`,
    );
  }
  const name = `probe-${randomHex(4)}`;
  const created = await api.create(probeJob(cronJob, name, flags));
  const graceMs = (terminationGracePeriodSeconds ?? defaultGraceS) * 1000 + graceMarginMs;
  switch (created.kind) {
    case 'forbidden':
      return { kind: 'not-here', why: created.message };
    case 'failed': {
      const removal = createRemoval(api, { name, uid: undefined }, { graceMs, progress });
      if (created.doubtful) {
        await sleep(doubtMs, new AbortController().signal);
        await removal.finish({ wait: true });
      }
      signal.throwIfAborted();
      throw new StartupError(`creating Job ${proberNamespace}/${name}: ${created.message}`);
    }
    case 'created':
      return { kind: 'ran', report: await runCreated(context, api, { job: created.job, graceMs }) };
  }
}

/** Follows a Job to its report. Deletes it on every way out; when stopped at once, so that the prober ends as it should. */
async function runCreated(
  { signal, progress }: CommandContext,
  api: JobApi,
  { job, graceMs }: { readonly job: MadeJob; readonly graceMs: number },
): Promise<ProbeReport> {
  progress(`probing in the cluster, as Job ${proberNamespace}/${job.name}`);
  const removal = createRemoval(api, job, { graceMs, progress });
  const end = new AbortController();
  let endTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    removal.begin();
    endTimer = setTimeout(() => end.abort(), graceMs);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  let finished = false;
  try {
    const log = createJobLog(progressLog(progress), progress);
    const report = await follow({ api, job, log, stopping: signal, end: end.signal, progress });
    const words = log.lastWords();
    if (words !== undefined) progress(words);
    finished = true;
    return report;
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(endTimer);
    await removal.finish({ wait: !finished || signal.aborted });
  }
}

interface Removal {
  readonly begin: () => void;
  /** Until the Job, and with `wait` also its pod, is gone; says what remained. Never rejects. */
  readonly finish: (how: { readonly wait: boolean }) => Promise<void>;
}

/**
 * Not in the foreground: the garbage collector would then delete the probe pods, which the Job's pod owns, while the
 * prober cleans up, and the prober would report pods that somebody else has deleted.
 */
function createRemoval(
  api: JobApi,
  job: MadeJob,
  { graceMs, progress }: { readonly graceMs: number; readonly progress: (line: string) => void },
): Removal {
  let begun: { readonly removed: Promise<string | undefined>; readonly atMs: number } | undefined;
  const begin = (): Promise<string | undefined> => {
    begun ??= { removed: api.remove(job), atMs: performance.now() };
    return begun.removed;
  };
  return {
    begin: () => void begin(),
    finish: async ({ wait }) => {
      const problem = await begin();
      if (problem !== undefined) {
        const remedy = `kubectl --namespace ${proberNamespace} delete job ${job.name}`;
        return progress(`warning: Job ${job.name} may remain: ${problem}; ${remedy}`);
      }
      if (!wait) return;
      const restMs = graceMs - (performance.now() - (begun?.atMs ?? 0));
      if (await api.podsGone(job, Math.max(restMs, graceMarginMs))) return;
      progress(
        `warning: the pod of Job ${job.name}, which is deleted, is not gone yet; the cluster deletes it when it has ended`,
      );
    },
  };
}

interface Following {
  readonly api: JobApi;
  readonly job: MadeJob;
  readonly log: JobLog;
  /** The run is to stop; the Job is being deleted then. */
  readonly stopping: AbortSignal;
  /** Nothing is waited for any more. */
  readonly end: AbortSignal;
  readonly progress: (line: string) => void;
}

/** Waits for the Job's pod and reads its log until the report. */
async function follow(following: Following): Promise<ProbeReport> {
  const { api, job, log, stopping, end } = following;
  const patience = createPatience(following);
  let begun = false;
  for (;;) {
    const stage = await api.stage(job, end).catch((caught: unknown) => {
      if (end.aborted) stopping.throwIfAborted();
      throw caught;
    });
    if (stage.kind === 'running' || stage.kind === 'ended') {
      begun = true;
      const read = await api.readLog(stage.pod, log, end);
      const report = log.report();
      if (report !== undefined) return report;
      if (stage.kind === 'ended' && read.kind === 'read') {
        throw withoutReport(following, stage.why);
      }
      if (read.kind === 'failed') patience.unreadable(read.message, stage);
    } else {
      // Nothing has begun, or what had is gone: there is nobody to wait for.
      stopping.throwIfAborted();
      const why = stage.kind === 'none' ? await api.failure(job, end) : undefined;
      if (why !== undefined) throw withoutReport(following, why);
      if (begun) throw withoutReport(following, 'its pod was deleted');
      patience.notBegun(stage);
    }
    await sleep(pollMs, stopping.aborted ? end : stopping);
    if (end.aborted) stopping.throwIfAborted();
  }
}

function withoutReport({ job, log }: Following, why: string): StartupError {
  return new StartupError(
    `Job ${proberNamespace}/${job.name} ended without a report: ${log.lastWords() ?? why}; ${hereInstead}`,
  );
}

type Stage = Awaited<ReturnType<JobApi['stage']>>;

interface Patience {
  /** Tells what a pod waits for, each thing once; throws when that is in vain or has lasted too long. */
  readonly notBegun: (stage: Stage) => void;
  /** Tells that a log cannot be read; throws when it is that of a pod that has ended. */
  readonly unreadable: (message: string, stage: Stage) => void;
}

function createPatience({ job, progress }: Following): Patience {
  const sinceMs = performance.now();
  let told: string | undefined;
  let unread = 0;
  const tell = (line: string): void => {
    if (line !== told) progress(line);
    told = line;
  };
  return {
    notBegun: (stage) => {
      const waiting = stage.kind === 'waiting';
      const why = waiting ? stage.why : 'it was not created yet';
      const waitedMs = performance.now() - sinceMs;
      if (waiting && stage.final) {
        throw new StartupError(`the pod of Job ${job.name} cannot begin: ${why}; ${hereInstead}`);
      }
      if (waitedMs > beginMs) {
        throw new StartupError(
          `the pod of Job ${job.name} did not begin within ${beginMs / 1000} s: ${why}; ${hereInstead}`,
        );
      }
      if (waitedMs > quietMs) tell(`waiting for the pod of Job ${job.name}: ${why}`);
    },
    unreadable: (message, stage) => {
      unread++;
      if (stage.kind === 'ended' && unread >= logAttempts) throw new StartupError(message);
      tell(`warning: ${message}`);
    },
  };
}
