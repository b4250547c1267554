import type { Trace, TraceSpan } from '../trace/model.ts';
import {
  boundariesOf,
  phases,
  phaseSpanNames,
  type Boundaries,
  type PhaseSpans,
} from './boundaries.ts';
import type { Evidence } from './evidence.ts';
import { containerOf } from './runtime-finding.ts';
import { componentOf, isFailed, nodeOf, requestOf, textOf } from './span-role.ts';
import { inSequence, withDescendants, worksOf, type Work } from './work.ts';

export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | null;
  readonly node: string | null;
}

/** The start of a pod as its trace tells it. */
export interface StartUp extends Boundaries {
  readonly pod: Pod;
  /** Who told the phases: `prober` made the pod, `correlator` watched one that somebody else made. */
  readonly toldBy: 'prober' | 'correlator';
  /** Null: the pod became Ready; else why not, as far as it was told. */
  readonly failure: string | null;
  /** How far the beginning may be from the truth: the time of a pod's creation is told to the second. */
  readonly uncertaintySeconds: number;
  readonly phaseSpans: PhaseSpans;
  /** What the start may have waited for. */
  readonly works: readonly Work[];
  /** Names of the containers by the runtime's ids. */
  readonly containers: ReadonlyMap<string, string>;
}

export type FoundStartUp =
  | { readonly kind: 'found'; readonly startUp: StartUp }
  | { readonly kind: 'none'; readonly problem: string };

/** The answer to a status update, and the watch that shows it, end this close to each other. */
const updateToleranceNs = 500_000_000n;

/** Reads the start of a pod out of a trace. */
export function findStartUp(trace: Trace, evidence: Evidence): FoundStartUp {
  const telling = trace.spans.filter((span) => componentOf(span) === 'telling');
  const named = (name: string): TraceSpan | undefined => telling.find((span) => span.name === name);
  const spans: PhaseSpans = Object.fromEntries(
    phases.flatMap((phase) => {
      const span = named(phaseSpanNames[phase]);
      return span === undefined ? [] : [[phase, span]];
    }),
  );
  const observed = named('pod.start-up');
  if (spans.create === undefined && observed === undefined) {
    return { kind: 'none', problem: missing(trace) };
  }
  const works = inSequence(worksOf(trace.spans));
  const containers = containerNames(works);
  const isRegular = (start: Work): boolean =>
    !evidence.initContainers.has(containerOf(start, containers));
  const boundaries = boundariesOf(works, { spans, observed }, isRegular);
  const created = spans.create ?? works.find(({ span }) => requestOf(span) === 'create');
  return {
    kind: 'found',
    startUp: {
      ...boundaries,
      pod: podOf([...telling, ...trace.spans]),
      toldBy: spans.create === undefined ? 'correlator' : 'prober',
      failure: failureOf(spans),
      uncertaintySeconds: created === undefined ? 1 : 0,
      phaseSpans: spans,
      works: deciding(works, boundaries.toNs),
      containers,
    },
  };
}

function missing(trace: Trace): string {
  const services = [...new Set(trace.spans.map(({ service }) => service))].join(', ');
  return (
    `trace ${trace.traceId} does not tell the start of a pod: expected a span prober.create-pod or pod.start-up, ` +
    `got ${trace.spans.length} spans of ${services}; spans take up to 10 s to arrive, --wait waits for them`
  );
}

function failureOf(spans: PhaseSpans): string | null {
  const failed = phases.flatMap((phase) => spans[phase] ?? []).find(isFailed);
  if (failed !== undefined) return failed.status.message || 'failed';
  return spans.ready === undefined ? 'the trace does not tell that it became Ready' : null;
}

/** Of all status updates only the one that made the pod Ready is waited for: the last to begin before that. */
function deciding(works: readonly Work[], readyNs: bigint): Work[] {
  const isUpdate = (work: Work): boolean => requestOf(topRequest(work)) === 'status';
  const update = works
    .filter((work) => isUpdate(work) && work.fromNs < readyNs)
    .reduce<Work | undefined>(
      (last, work) => (last === undefined || work.fromNs > last.fromNs ? work : last),
      undefined,
    );
  const near = update !== undefined && readyNs - update.toNs <= updateToleranceNs;
  return works.filter((work) => !isUpdate(work) || (near && work === update));
}

/** The request below its authentication. */
function topRequest({ span, children }: Work): TraceSpan {
  const [first] = children;
  return span.name === 'authentication' && first !== undefined ? first.span : span;
}

/** The runtime tells a container's name where it makes it, and only its id where it starts it. */
function containerNames(works: readonly Work[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { span } of withDescendants(works)) {
    const [id, name] = [textOf(span, 'container.id'), textOf(span, 'container.name')];
    const [container] = name.split('_');
    if (id !== '' && container !== undefined && container !== '') names.set(id, container);
  }
  return names;
}

function podOf(spans: readonly TraceSpan[]): Pod {
  const first = (key: string): string => {
    for (const span of spans) {
      const text = textOf(span, key);
      if (text !== '') return text;
    }
    return '';
  };
  const sync = spans.find((span) => span.name === 'syncPod');
  return {
    namespace: first('k8s.namespace.name'),
    name: first('k8s.pod.name'),
    uid: first('k8s.pod.uid') || null,
    node: first('k8s.node.name') || (sync === undefined ? null : nodeOf(sync)),
  };
}
