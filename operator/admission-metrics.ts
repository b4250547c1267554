import type { Family } from '../receivers/shared/metrics/families.ts';
import type { Served } from './certificates/secret.ts';
import type { RegistrarState } from './registration/registrar.ts';
import { reviewMetrics, type ReviewCounts } from './webhook/counts.ts';

export interface AdmissionState {
  readonly reviews: ReviewCounts;
  readonly registrar: RegistrarState;
  readonly served: Served | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

const remainingMetric = {
  name: 'kube_latency.injection.certificate.remaining',
  unit: 's',
  kind: 'gauge',
  description: 'Until the certificate ends that the webhook serves; negative: it has ended',
} as const;

const registeredMetric = {
  name: 'kube_latency.injection.registrations',
  unit: '{object}',
  kind: 'gauge',
  description:
    'Webhooks, policies and bindings that are kept registered, by the replica that leads',
} as const;

const failuresMetric = {
  name: 'kube_latency.injection.registration.failures',
  unit: '{failure}',
  kind: 'counter',
  description: 'Tries to register, or to take away, that failed',
} as const;

/** Everything that is told of injection; the README's table says the same. */
export const admissionMetrics = [
  ...reviewMetrics,
  remainingMetric,
  registeredMetric,
  failuresMetric,
] as const;

export function admissionFamilies(state: AdmissionState): readonly Family[] {
  const { reviews, registrar, served, nowMs } = state;
  const one = (value: number) => [{ labels: {}, value }];
  return [
    ...reviews.families(),
    { ...remainingMetric, points: served === undefined ? [] : one((served.endsMs - nowMs) / 1000) },
    { ...registeredMetric, points: one(registrar.registered) },
    { ...failuresMetric, points: one(registrar.failures) },
  ];
}
