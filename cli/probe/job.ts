import type { PodFlags } from './job-flags.ts';

/** Where the pipeline keeps its prober. */
export const proberNamespace = 'kube-latency';
export const proberCronJob = 'pod-prober';
/** The prober among the containers of its pod; others may have been injected. */
export const proberContainer = 'pod-prober';

/** What is read of a CronJob; all else is carried over as it is. */
export interface CronJob {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: {
    readonly jobTemplate: { readonly metadata?: Metadata; readonly spec: JobSpec };
  };
}

interface Metadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface JobSpec {
  readonly activeDeadlineSeconds?: number;
  readonly template: {
    readonly metadata?: object;
    readonly spec: {
      readonly containers: readonly Container[];
      readonly terminationGracePeriodSeconds?: number;
    };
  };
}

interface Container {
  readonly name: string;
  readonly args?: readonly string[];
}

/** A Job as it is created. */
export interface ProbeJob {
  readonly apiVersion: 'batch/v1';
  readonly kind: 'Job';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly object[];
  };
  readonly spec: JobSpec & { readonly backoffLimit: number };
}

/** Who made the Job: finds those that were left behind. */
const runBy = { 'kube-latency/run-by': 'kube-latency-probe' } as const;

/**
 * The Job that runs probes as the CronJob would, with the user's own flags behind the CronJob's, so that the user's win,
 * and with the report as JSON. Like those of `kubectl create job --from`, it goes with the CronJob but is not counted
 * among its Jobs.
 *
 * The CronJob's deadline fits the one probe that it runs. Where the user asks for more (--count), for longer (--timeout)
 * or for rounds without an end (--interval), it would end a run that is well, so there is none: every probe has its own
 * budget, whoever started the Job deletes it, and one that was left behind is deleted an hour after its end. Only one with
 * --interval, whose starter was killed, goes on until somebody deletes it.
 */
export function probeJob(cronJob: CronJob, name: string, { flags, lasting }: PodFlags): ProbeJob {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const { activeDeadlineSeconds, ...undated } = spec;
  const { template } = spec;
  const containers = template.spec.containers.map((container) =>
    container.name === proberContainer
      ? { ...container, args: [...(container.args ?? []), ...flags, '--output=json'] }
      : container,
  );
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: cronJob.metadata.name,
    uid: cronJob.metadata.uid,
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: proberNamespace,
      labels: { ...metadata?.labels, ...runBy },
      annotations: { ...metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [owner],
    },
    spec: {
      ...undated,
      ...(lasting || activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds }),
      backoffLimit: 0,
      template: { ...template, spec: { ...template.spec, containers } },
    },
  };
}
