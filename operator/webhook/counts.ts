import {
  createHistogram,
  type ExponentialHistogram,
} from '../../receivers/shared/metrics/exponential-histogram.ts';
import type { Family } from '../../receivers/shared/metrics/families.ts';
import { reviewOutcomes, type ReviewOutcome } from './outcomes.ts';

export interface ReviewCounts {
  readonly add: (outcome: ReviewOutcome, seconds: number) => void;
  readonly of: (outcome: ReviewOutcome) => number;
  /** All requests that came, whatever became of them. */
  readonly total: () => number;
  readonly families: () => readonly Family[];
}

const outcomeMetric = {
  name: 'kube_latency.injection.reviews',
  unit: '{request}',
  kind: 'counter',
  description: 'Requests of the API server about new pods, by what became of the pod',
} as const;

const durationMetric = {
  name: 'kube_latency.injection.review.duration',
  unit: 's',
  kind: 'histogram',
  description: 'From the head of a request to its answer',
} as const;

/** What the webhook tells of its work; the README's table says the same. */
export const reviewMetrics = [outcomeMetric, durationMetric] as const;

export function createReviewCounts(): ReviewCounts {
  const counts = new Map<ReviewOutcome, number>(reviewOutcomes.map(({ reason }) => [reason, 0]));
  const durations = createHistogram();
  const total = (): number => durations.read().count;
  return {
    add: (outcome, seconds) => {
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      durations.add(seconds);
    },
    of: (outcome) => counts.get(outcome) ?? 0,
    total,
    families: () => [
      {
        ...outcomeMetric,
        points: [...counts].map(([outcome, value]) => ({ labels: { outcome }, value })),
      },
      {
        ...durationMetric,
        points: [{ labels: {}, value: durations.read() satisfies ExponentialHistogram }],
      },
    ],
  };
}
