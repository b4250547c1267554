import { eventOutcomes, type EventOutcome } from '../../shared/kubernetes/event-object.ts';
import type { Family, Labels } from '../../shared/metrics/families.ts';
import { dropReasons, type DropReason } from './mesh-book.ts';

/** Why a pinger's tally was not had. */
export const fetchFailures = [
  'timeout',
  'refused',
  'reset',
  'unreachable',
  'too_large',
  'bad_status',
  'bad_json',
  'bad_report',
  'clock_ahead',
  'other',
] as const;
export type FetchFailure = (typeof fetchFailures)[number];

/** What the aggregator tells of itself. */
export interface OwnState {
  readonly pingers: Readonly<Record<'heard' | 'silent', number>>;
  readonly nodes: number;
  readonly fetched: number;
  readonly failed: ReadonlyMap<FetchFailure, number>;
  readonly rows: number;
  readonly dropped: ReadonlyMap<DropReason, number>;
  readonly judgingS: number;
  readonly events: ReadonlyMap<EventOutcome, number>;
}

interface OwnMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'counter' | 'gauge';
  readonly description: string;
  readonly read: (state: OwnState) => readonly (readonly [Labels, number])[];
}

/** Every metric of the aggregator itself; the README's table says the same. Reasons are there at zero from the start. */
export const ownMetrics: readonly OwnMetric[] = [
  {
    name: 'kube_latency.rtt.aggregator.pingers',
    unit: '{pinger}',
    kind: 'gauge',
    description: 'Pingers that are followed, by state: heard or silent',
    read: ({ pingers }) => Object.entries(pingers).map(([state, many]) => [{ state }, many]),
  },
  {
    name: 'kube_latency.rtt.aggregator.nodes',
    unit: '{node}',
    kind: 'gauge',
    description: 'Nodes of the mesh, with a pinger or without',
    read: ({ nodes }) => [[{}, nodes]],
  },
  {
    name: 'kube_latency.rtt.aggregator.fetches',
    unit: '{fetch}',
    kind: 'counter',
    description: 'Tallies that were asked of pingers, by outcome; error.type says why one failed',
    read: ({ fetched, failed }) => [
      [{ outcome: 'ok' }, fetched],
      ...fetchFailures.map(
        (reason) => [{ outcome: 'failed', 'error.type': reason }, failed.get(reason) ?? 0] as const,
      ),
    ],
  },
  {
    name: 'kube_latency.rtt.aggregator.rows',
    unit: '{row}',
    kind: 'counter',
    description: 'Rows of pairs that were counted',
    read: ({ rows }) => [[{}, rows]],
  },
  {
    name: 'kube_latency.rtt.aggregator.rows.dropped',
    unit: '{row}',
    kind: 'counter',
    description: 'Rows that were not counted, or not judged, by reason',
    read: ({ dropped }) =>
      dropReasons.map((reason) => [{ reason }, dropped.get(reason) ?? 0] as const),
  },
  {
    name: 'kube_latency.rtt.aggregator.judging.duration',
    unit: 's',
    kind: 'gauge',
    description: 'How long the last look for culprits took',
    read: ({ judgingS }) => [[{}, judgingS]],
  },
  {
    name: 'kube_latency.rtt.aggregator.events',
    unit: '{event}',
    kind: 'counter',
    description:
      'Events of Kubernetes by outcome: told, failed, or held back by the bound on their rate',
    read: ({ events }) =>
      eventOutcomes.map((outcome) => [{ outcome }, events.get(outcome) ?? 0] as const),
  },
];

export function ownFamilies(state: OwnState): readonly Family[] {
  return ownMetrics.map(({ read, ...metric }) => ({
    ...metric,
    points: read(state).map(([labels, value]) => ({ labels, value })),
  }));
}
