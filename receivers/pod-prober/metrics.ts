import type { Counter, Histogram, Meter } from '@opentelemetry/api';

import type { Loss } from '../shared/telemetry-loss.ts';
import type { FailureReason } from './failure.ts';
import type { Phase } from './phases.ts';

/** Every instrument of the prober; the README's table says the same. */
export const instruments = {
  phaseDuration: {
    name: 'kube_latency.pod.phase.duration',
    unit: 's',
    description: 'Duration of the completed phases of a probed pod',
    attributes: ['phase', 'outcome'],
    boundaries: [
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300,
    ],
  },
  probes: {
    name: 'kube_latency.pod.probes',
    unit: '{probe}',
    description: 'Probes by outcome and, where they failed, by reason',
    attributes: ['outcome', 'error.type'],
  },
  telemetryLost: {
    name: 'kube_latency.telemetry.dropped',
    unit: '{item}',
    description: 'Spans, and batches of metrics, that were not delivered',
    attributes: ['signal', 'reason'],
  },
} as const;

export interface ProbeMetrics {
  /** Only completed phases have a latency; a failed probe is counted with its reason. */
  readonly record: (phases: readonly Phase[], failed: FailureReason | null) => void;
}

/** Makes the instruments; losses tells what telemetry was lost so far. */
export function createProbeMetrics(meter: Meter, losses: () => readonly Loss[]): ProbeMetrics {
  const { phaseDuration, probes, telemetryLost } = instruments;
  const durations: Histogram = meter.createHistogram(phaseDuration.name, {
    unit: phaseDuration.unit,
    description: phaseDuration.description,
    advice: { explicitBucketBoundaries: [...phaseDuration.boundaries] },
  });
  const counts: Counter = meter.createCounter(probes.name, {
    unit: probes.unit,
    description: probes.description,
  });
  const { unit, description } = telemetryLost;
  meter.createObservableCounter(telemetryLost.name, { unit, description }).addCallback((result) => {
    for (const { signal, reason, count } of losses()) result.observe(count, { signal, reason });
  });
  return {
    record: (phases, failed) => {
      for (const { phase, seconds } of phases) {
        if (seconds !== null) durations.record(seconds, { phase, outcome: 'ok' });
      }
      if (failed === null) counts.add(1, { outcome: 'ok' });
      else counts.add(1, { outcome: 'failed', 'error.type': failed });
    },
  };
}
