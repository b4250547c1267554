import type { TraceSpan } from '../trace/model.ts';
import { isFailed, requestOf, runtimeCallOf } from './span-role.ts';
import { withDescendants, type Work } from './work.ts';

/** The phases of a start, in order. */
export const phases = ['create', 'schedule', 'start', 'ready'] as const;
export type Phase = (typeof phases)[number];

/** The span that stands for each phase. */
export const phaseSpanNames: Readonly<Record<Phase, string>> = {
  create: 'prober.create-pod',
  schedule: 'pod.schedule',
  start: 'pod.start',
  ready: 'pod.ready',
};

/** The spans that stand for the phases that were told, completed or not. */
export type PhaseSpans = Readonly<Partial<Record<Phase, TraceSpan>>>;

/** When the phases of a start ended, in nanoseconds since the Unix epoch; null: not reached. */
export interface Boundaries {
  readonly fromNs: bigint;
  readonly createdNs: bigint;
  readonly scheduledNs: bigint | null;
  readonly startedNs: bigint | null;
  /** When the pod was Ready, or what was told of it ended. */
  readonly toNs: bigint;
}

/** A phase whose end is known better than this keeps it; else a span of who ended it is looked for. */
const exactSeconds = 0.1;
/** The status tells whole seconds, so that what ended a phase may be up to this much later than told. */
const statusNs = 1_000_000_000n;

/** Finds the boundaries by the phases' own spans, and by those of the components where these know better. */
export function boundariesOf(
  works: readonly Work[],
  told: {
    readonly spans: PhaseSpans;
    /** The root that the correlator makes for a pod that nobody probes. */
    readonly observed: TraceSpan | undefined;
  },
  isRegular: (startContainer: Work) => boolean,
): Boundaries {
  const { spans, observed } = told;
  const posted = works.find((work) => requestOf(work.span) === 'create');
  const made = works.find((work) => work.span === spans.create) ?? posted;
  const fromNs = made?.fromNs ?? BigInt(observed?.startTimeUnixNano ?? 0);
  const last = spans.ready ?? spans.start ?? spans.schedule ?? spans.create ?? observed;
  const toNs = later(BigInt(last?.endTimeUnixNano ?? 0), fromNs);
  const within = (ns: bigint | undefined): bigint | null =>
    ns === undefined ? null : ns < fromNs ? fromNs : ns > toNs ? toNs : ns;
  const bindingBy = (byNs: bigint): bigint | undefined =>
    lastEnd(works, byNs, ({ span }) => requestOf(span) === 'binding');
  const startBy = (byNs: bigint): bigint | undefined =>
    lastEnd(
      works,
      byNs,
      (work) => runtimeCallOf(work.span) === 'StartContainer' && isRegular(work),
    );
  const [scheduledNs, startedNs] = [endOf(spans.schedule), endOf(spans.start)];
  return {
    fromNs,
    createdNs: within(made?.toNs) ?? fromNs,
    // The scheduler tells of a binding after it is done.
    scheduledNs: within(
      scheduledNs && (bindingBy(scheduledNs + slack(spans.schedule)) ?? scheduledNs),
    ),
    startedNs: within(
      startedNs && isRough(spans.start) ? (startBy(startedNs + statusNs) ?? startedNs) : startedNs,
    ),
    toNs,
  };
}

/** The end of a phase that was completed. */
function endOf(span: TraceSpan | undefined): bigint | undefined {
  return span === undefined || isFailed(span) ? undefined : BigInt(span.endTimeUnixNano);
}

function isRough(span: TraceSpan | undefined): boolean {
  return Number(span?.attributes['kube_latency.phase.uncertainty'] ?? 0) > exactSeconds;
}

function slack(span: TraceSpan | undefined): bigint {
  return isRough(span) ? statusNs : 0n;
}

/** The end of the last work of a kind that was over by then. */
function lastEnd(
  works: readonly Work[],
  byNs: bigint,
  fits: (work: Work) => boolean,
): bigint | undefined {
  let lastNs: bigint | undefined;
  for (const work of withDescendants(works)) {
    const over = work.toNs <= byNs && (lastNs === undefined || work.toNs > lastNs);
    if (over && fits(work)) lastNs = work.toNs;
  }
  return lastNs;
}

function later(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
