import type { SpanEvent, Trace, TraceSpan } from '../../../../cli/trace/model.ts';

/** 2026-11-21 08:57:24 UTC */
const epochMs = 1_795_251_444_000;

type Rest = Partial<Omit<TraceSpan, 'events'>> & { readonly events?: readonly SpanEvent[] };

/** A span named by its service and name, `kubelet syncPod`, with times in milliseconds; its parent is named by its id. */
export function made(
  id: string,
  what: string,
  [fromMs, toMs]: readonly [number, number],
  rest: Rest & { readonly parent?: string } = {},
): TraceSpan {
  const [service = '', ...name] = what.split(' ');
  const { parent, ...others } = rest;
  return {
    service,
    name: name.join(' '),
    kind: 'internal',
    spanId: id,
    parentSpanId: parent ?? null,
    startTimeUnixNano: nanos(fromMs),
    endTimeUnixNano: nanos(toMs),
    attributes: {},
    events: [],
    links: [],
    status: { code: 'unset', message: '' },
    ...others,
  };
}

export function event(name: string, atMs: number, attributes: Record<string, unknown>): SpanEvent {
  return { name, timeUnixNano: nanos(atMs), attributes };
}

export const failed = (message: string): { readonly status: TraceSpan['status'] } => ({
  status: { code: 'error', message },
});

function nanos(ms: number): string {
  return String(BigInt(epochMs + ms) * 1_000_000n);
}

/** Ends of the phases in milliseconds after the create was sent. */
export interface Phases {
  readonly created?: number;
  readonly scheduled?: number;
  readonly started?: number;
  readonly ready?: number;
}

/** What the prober tells of a start, and what is told by others; phases without an end are missing. */
export function probeTrace(
  { created = 10, scheduled, started, ready }: Phases,
  others: readonly TraceSpan[],
  wait: Pick<Rest, 'attributes' | 'events'> = {},
): Trace {
  const pod = {
    'k8s.namespace.name': 'shop',
    'k8s.pod.name': 'web',
    'k8s.pod.uid': 'u-1',
    'k8s.node.name': 'n1',
  };
  const phase = (name: string, from: number | undefined, to: number | undefined): TraceSpan[] =>
    from === undefined || to === undefined
      ? []
      : [made(name, `pod-prober ${name}`, [from, to], { parent: 'wait', attributes: pod })];
  const attributes = { ...pod, ...wait.attributes };
  return {
    traceId: '1'.repeat(32),
    spans: [
      made('main', 'pod-prober prober.main', [0, 60_000], { attributes: pod }),
      made('create', 'pod-prober prober.create-pod', [0, created], { parent: 'main' }),
      made('wait', 'pod-prober prober.wait-for-pod', [created, ready ?? 60_000], {
        parent: 'main',
        attributes,
        events: wait.events ?? [],
      }),
      ...phase('pod.schedule', created, scheduled),
      ...phase('pod.start', scheduled, started),
      ...phase('pod.ready', started, ready),
      ...others,
    ],
  };
}
