import type { Meter, Observable } from '@opentelemetry/api';

import type { Counts } from './core/counts.ts';

/** A value of the counts, or one a key of the attribute. */
type Reading = number | Readonly<Record<string, number>>;

export interface Instrument {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly unit: string;
  readonly description: string;
  /** Attribute that tells the values of a record apart. */
  readonly attribute?: string;
  readonly read: (counts: Counts) => Reading;
}

/** Every instrument of the correlator; the README's table says the same. */
export const instruments: readonly Instrument[] = [
  {
    name: 'kube_latency.correlator.spans.received',
    kind: 'counter',
    unit: '{span}',
    description: 'Spans that the agent handed over',
    read: ({ received }) => received,
  },
  {
    name: 'kube_latency.correlator.spans.stitched',
    kind: 'counter',
    unit: '{span}',
    description: 'Spans of which a copy was made for a pod’s trace',
    read: ({ stitched }) => stitched,
  },
  {
    name: 'kube_latency.correlator.spans.delivered',
    kind: 'counter',
    unit: '{span}',
    description: 'Copies and phase spans that the agent took back',
    read: ({ delivered }) => delivered,
  },
  {
    name: 'kube_latency.correlator.spans.phase',
    kind: 'counter',
    unit: '{span}',
    description: 'Phase spans made of observed pods',
    read: ({ phaseSpans }) => phaseSpans,
  },
  {
    name: 'kube_latency.correlator.spans.dropped',
    kind: 'counter',
    unit: '{span}',
    description: 'Spans not stitched, and copies not delivered, by reason',
    attribute: 'reason',
    read: ({ dropped }) => dropped,
  },
  {
    name: 'kube_latency.correlator.spans.waiting',
    kind: 'gauge',
    unit: '{span}',
    description: 'Spans that wait for their pod to be known',
    read: ({ waitingSpans }) => waitingSpans,
  },
  {
    name: 'kube_latency.correlator.held',
    kind: 'gauge',
    unit: 'By',
    description: 'Memory that waiting spans take',
    read: ({ heldBytes }) => heldBytes,
  },
  {
    name: 'kube_latency.correlator.queue',
    kind: 'gauge',
    unit: 'By',
    description: 'Copies and phase spans on their way back',
    read: ({ queuedBytes }) => queuedBytes,
  },
  {
    name: 'kube_latency.correlator.pods',
    kind: 'gauge',
    unit: '{pod}',
    description: 'Pods known now, those included that are gone and remembered',
    read: ({ pods }) => pods,
  },
  {
    name: 'kube_latency.correlator.watches.live',
    kind: 'gauge',
    unit: '{watch}',
    description: 'Watches of pods that stand now',
    read: ({ watchesLive }) => watchesLive,
  },
  {
    name: 'kube_latency.correlator.traces.resolved',
    kind: 'counter',
    unit: '{trace}',
    description: 'Original traces given to a pod, by the rule that told which',
    attribute: 'rule',
    read: ({ resolved }) => resolved,
  },
  {
    name: 'kube_latency.correlator.traces.two_pods',
    kind: 'counter',
    unit: '{trace}',
    description: 'Original traces not stitched because they touch more than one pod',
    read: ({ twoPodTraces }) => twoPodTraces,
  },
  {
    name: 'kube_latency.correlator.pods.untold',
    kind: 'counter',
    unit: '{pod}',
    description:
      'Observed pods whose phases were not told: too many at a time, or it stopped before',
    read: ({ untoldPods }) => untoldPods,
  },
  {
    name: 'kube_latency.correlator.requests',
    kind: 'counter',
    unit: '{request}',
    description: 'Export requests, by whether their envelopes could be read',
    attribute: 'outcome',
    read: ({ requests, malformedRequests }) => ({
      ok: requests - malformedRequests,
      malformed: malformedRequests,
    }),
  },
];

function create(meter: Meter, { name, kind, unit, description }: Instrument): Observable {
  return kind === 'counter'
    ? meter.createObservableCounter(name, { unit, description })
    : meter.createObservableGauge(name, { unit, description });
}

/** Reports the counts through the meter, every value from the start, zeros included. */
export function observeCounts(meter: Meter, counts: Counts): void {
  for (const instrument of instruments) {
    const { attribute, read } = instrument;
    create(meter, instrument).addCallback((result) => {
      const reading = read(counts);
      if (typeof reading === 'number') return result.observe(reading);
      for (const [value, count] of Object.entries(reading))
        result.observe(count, { [attribute ?? 'kind']: value });
    });
  }
}
