import type { ExponentialHistogram } from '../../shared/metrics/exponential-histogram.ts';
import type { Family, Labels, Point } from '../../shared/metrics/families.ts';
import type { Book } from './book.ts';
import { httpPhases, type PhaseHistograms } from './http-phases.ts';
import { labelsOf, type Origin } from './rtt-families.ts';

/** Metrics that one protocol alone has; the README's table says the same. */
export const protocolMetrics = {
  httpDuration: {
    name: 'kube_latency.rtt.http.duration',
    unit: 's',
    kind: 'histogram',
    description:
      'Phases of round trips by HTTP: connect, where there was no connection yet, and first_byte, from the request on',
  },
  clockSteps: {
    name: 'kube_latency.rtt.clock.steps',
    unit: '{step}',
    kind: 'counter',
    description:
      'Steps of the clocks of both ends against each other, as UDP sees them; the delays of each way begin anew',
  },
} as const;

/** Points are made as they are gone through. */
export function protocolFamilies(book: Book, origin: Origin): readonly Family[] {
  function* phases(): Generator<Point<ExponentialHistogram>> {
    for (const shown of book.shown())
      yield* phasePoints(shown.counts.phases, labelsOf({ kind: 'pairs', shown }, origin));
    for (const rollup of book.rollups())
      yield* phasePoints(rollup.phases, labelsOf({ kind: 'rollup', rollup }, origin));
  }
  function* steps(): Generator<Point<number>> {
    for (const shown of book.shown()) {
      const directed = shown.pairs.flatMap((pair) => pair.directed ?? []);
      if (directed.length === 0) continue;
      const value = directed.reduce((sum, each) => sum + each.steps, 0);
      yield { labels: labelsOf({ kind: 'pairs', shown }, origin), value };
    }
  }
  return [
    { ...protocolMetrics.httpDuration, points: { [Symbol.iterator]: phases } },
    { ...protocolMetrics.clockSteps, points: { [Symbol.iterator]: steps } },
  ];
}

function* phasePoints(
  histograms: PhaseHistograms | undefined,
  labels: Labels,
): Generator<Point<ExponentialHistogram>> {
  if (histograms === undefined) return;
  for (const phase of httpPhases) {
    const value = histograms[phase].read();
    if (value.count > 0) yield { labels: { ...labels, phase }, value };
  }
}
