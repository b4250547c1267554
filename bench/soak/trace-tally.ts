/** What the tally asks of a span. */
export interface TalliedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where it has none. */
  readonly parentSpanId: string;
  readonly name: string;
  /** Its service.name. */
  readonly service: string;
}

export interface TraceTally {
  add(span: TalliedSpan, nowMs: number): void;
  /** Judges the traces that nothing was added to for a minute, or all of them, and forgets what they hold. */
  settle(nowMs: number, which: 'quiet' | 'all'): void;
  /** By trace id of a probe: the first thing that is missing, null where nothing is. */
  readonly judged: ReadonlyMap<string, string | null>;
}

const quietAfterMs = 60_000;
const root = 'prober.main';
const steps = [
  'prober.create-pod',
  'prober.wait-for-pod',
  'pod.schedule',
  'pod.start',
  'pod.ready',
  'prober.first-packet',
  'prober.update-pod',
  'prober.cleanup',
];
const components = ['apiserver', 'etcd', 'kubelet', 'containerd'];

interface TraceSoFar {
  readonly own: Set<string>;
  readonly services: Set<string>;
  readonly ids: Set<string>;
  readonly parents: Set<string>;
  lastMs: number;
}

/**
 * Finds complete traces: every step of the prober, spans of every component that a pod goes through, and no parent that is
 * missing. Traces without the prober's root are of no interest.
 */
export function createTraceTally(): TraceTally {
  const traces = new Map<string, TraceSoFar>();
  const judged = new Map<string, string | null>();
  return {
    judged,
    add({ traceId, spanId, parentSpanId, name, service }, nowMs) {
      const trace = traces.get(traceId) ?? emptyTrace();
      traces.set(traceId, trace);
      if (service === 'pod-prober') trace.own.add(name);
      trace.services.add(service);
      trace.ids.add(spanId);
      if (parentSpanId !== '') trace.parents.add(parentSpanId);
      trace.lastMs = nowMs;
    },
    settle(nowMs, which) {
      for (const [traceId, trace] of traces) {
        if (which === 'quiet' && nowMs - trace.lastMs < quietAfterMs) continue;
        traces.delete(traceId);
        if (trace.own.has(root)) judged.set(traceId, missingOf(trace) ?? null);
      }
    },
  };
}

function emptyTrace(): TraceSoFar {
  return {
    own: new Set(),
    services: new Set(),
    ids: new Set(),
    parents: new Set(),
    lastMs: 0,
  };
}

/** The first thing that a trace lacks. */
function missingOf({ own, services, ids, parents }: TraceSoFar): string | undefined {
  return (
    steps.find((name) => !own.has(name)) ??
    components.find((name) => !services.has(name)) ??
    (parents.isSubsetOf(ids) ? undefined : 'a parent')
  );
}
