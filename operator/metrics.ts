import { eventOutcomes } from '../receivers/shared/kubernetes/event-object.ts';
import type { KubeUse } from '../receivers/shared/kubernetes/client.ts';
import type { Family, Labels } from '../receivers/shared/metrics/families.ts';
import type { ControllerState } from './controller/controller.ts';
import { statusOutcomes, touchOutcomes, writeOutcomes } from './controller/core/outcomes.ts';

/** What the operator tells of itself. */
export interface OperatorState {
  readonly leads: boolean;
  /** Undefined: it does not lead. */
  readonly controller: ControllerState | undefined;
  readonly requests: KubeUse['requests'];
}

type Points = readonly (readonly [Labels, number])[];

interface OperatorMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'counter' | 'gauge';
  readonly description: string;
  readonly read: (state: ControllerState) => Points;
}

function byOutcome<Outcome extends string>(
  known: readonly Outcome[],
  counts: ReadonlyMap<Outcome, number>,
): Points {
  return known.map((outcome) => [{ outcome }, counts.get(outcome) ?? 0] as const);
}

const one = (value: number): Points => [[{}, value]];

/** Every metric of a replica that leads, since it does; the README's table says the same. */
export const controllerMetrics: readonly OperatorMetric[] = [
  {
    name: 'kube_latency.operator.probers',
    unit: '{prober}',
    kind: 'gauge',
    description: 'NetworkProbers by state: valid, invalid, or deleted and not yet gone',
    read: ({ probers }) => Object.entries(probers).map(([state, many]) => [{ state }, many]),
  },
  {
    name: 'kube_latency.operator.pods',
    unit: '{pod}',
    kind: 'gauge',
    description: 'Pods by state: selected; of these measured, or missed, so without a sidecar',
    read: ({ selected, measured, missed }) =>
      Object.entries({ selected, measured, missed }).map(([state, many]) => [{ state }, many]),
  },
  {
    name: 'kube_latency.operator.pods.remembered',
    unit: '{pod}',
    kind: 'gauge',
    description: 'Pods that are followed, once for each selector',
    read: ({ remembered }) => one(remembered),
  },
  {
    name: 'kube_latency.operator.lists.writes',
    unit: '{write}',
    kind: 'counter',
    description:
      'Writes of lists of peers by outcome: created, applied, deleted, foreign (somebody else’s, left alone), failed',
    read: ({ writes }) => byOutcome(writeOutcomes, writes),
  },
  {
    name: 'kube_latency.operator.lists.written',
    unit: 'By',
    kind: 'counter',
    description: 'Bytes of lists of peers that were written',
    read: ({ writtenBytes }) => one(writtenBytes),
  },
  {
    name: 'kube_latency.operator.lists.waiting',
    unit: '{list}',
    kind: 'gauge',
    description: 'Lists of peers that are to be written and wait for their turn',
    read: ({ waiting }) => one(waiting),
  },
  {
    name: 'kube_latency.operator.lists.age',
    unit: 's',
    kind: 'gauge',
    description: 'For how long the list that waits longest has been out of date',
    read: ({ waitingS }) => one(waitingS),
  },
  {
    name: 'kube_latency.operator.touches',
    unit: '{pod}',
    kind: 'counter',
    description: 'Pods touched by outcome: touched, gone, failed',
    read: ({ touches }) => byOutcome(touchOutcomes, touches),
  },
  {
    name: 'kube_latency.operator.touches.waiting',
    unit: '{pod}',
    kind: 'gauge',
    description: 'Pods that are to be touched and wait for their turn',
    read: ({ touchesWaiting }) => one(touchesWaiting),
  },
  {
    name: 'kube_latency.operator.statuses',
    unit: '{write}',
    kind: 'counter',
    description: 'Writes of the status of NetworkProbers by outcome: written, gone, failed',
    read: ({ statuses }) => byOutcome(statusOutcomes, statuses),
  },
  {
    name: 'kube_latency.operator.events',
    unit: '{event}',
    kind: 'counter',
    description:
      'Events of Kubernetes by outcome: told, failed, or held back by the bound on their rate',
    read: ({ events }) => byOutcome(eventOutcomes, events),
  },
  {
    name: 'kube_latency.operator.planning.duration',
    unit: 's',
    kind: 'gauge',
    description: 'How long the last look at everything took',
    read: ({ planningS }) => one(planningS),
  },
];

const leadsMetric = {
  name: 'kube_latency.operator.leads',
  unit: '1',
  kind: 'gauge',
  description: '1: this replica leads; 0: it waits for its turn',
} as const;

const requestsMetric = {
  name: 'kube_latency.operator.requests',
  unit: '{request}',
  kind: 'counter',
  description: 'Requests to the API server by verb',
} as const;

/** Those of every replica; the README's table says the same. */
export const replicaMetrics = [leadsMetric, requestsMetric] as const;

export function operatorFamilies(state: OperatorState): readonly Family[] {
  const { leads, controller, requests } = state;
  const ofReplica: readonly Family[] = [
    { ...leadsMetric, points: [{ labels: {}, value: leads ? 1 : 0 }] },
    {
      ...requestsMetric,
      points: Object.entries(requests).map(([verb, value]) => ({ labels: { verb }, value })),
    },
  ];
  if (controller === undefined) return ofReplica;
  const ofController = controllerMetrics.map(({ read, ...metric }) => ({
    ...metric,
    points: read(controller).map(([labels, value]) => ({ labels, value })),
  }));
  return [...ofReplica, ...ofController];
}
