import { bootRoot } from '../../shared/boot-trace.ts';
import type { Family, Labels, Point } from '../../shared/metrics/families.ts';
import type { BootRecord } from './boot-record.ts';
import { secondsOf } from './decimals.ts';
import type { Timing } from './measurement.ts';
import { bootTrace } from './trace/boot-trace.ts';

/** Every metric of a boot, without its points. */
export const bootMetrics = {
  event: {
    kind: 'gauge',
    name: 'kube_latency.node.boot.event',
    unit: 's',
    description:
      'Time since time zero of the boot, by `event`; the first time, where it happened several times.',
  },
  occurrences: {
    kind: 'gauge',
    name: 'kube_latency.node.boot.occurrences',
    unit: '{occurrence}',
    description: 'How often it happened in the boot, by `event`.',
  },
  duration: {
    kind: 'gauge',
    name: 'kube_latency.node.boot.duration',
    unit: 's',
    description: 'From time zero to the last terminal event; none before one has happened.',
  },
  awaited: {
    kind: 'gauge',
    name: 'kube_latency.node.boot.awaited',
    unit: '{event}',
    description: 'Terminal events that have not happened; 0: the boot is complete.',
  },
  criticalPath: {
    kind: 'gauge',
    name: 'kube_latency.node.boot.critical_path',
    unit: 's',
    description: 'How long the end of the boot waited for a part of it, by `part`.',
  },
} as const;

/** What is told of a boot as metrics, as it is known by now. */
export function bootFamilies(record: BootRecord): readonly Family[] {
  const { timings, missing, zero, endUnixNs } = record.measurement;
  const ofEvent = Map.groupBy(timings, ({ event }) => event.metric);
  const byEvent = (valueOf: (timings: readonly Timing[]) => number): Point<number>[] =>
    [...ofEvent].flatMap(([metric, own]) =>
      [metric, ...(own[0]?.event.aliases ?? [])].map((event) => ({
        labels: { event },
        value: valueOf(own),
      })),
    );
  const alone = (value: number | undefined): Point<number>[] =>
    value === undefined ? [] : [{ labels: {}, value }];
  const took =
    zero === undefined || endUnixNs === undefined
      ? undefined
      : secondsOf(endUnixNs - zero.atUnixNs);
  return [
    { ...bootMetrics.event, points: byEvent(([first]) => secondsOf(first?.sinceNs ?? 0n)) },
    { ...bootMetrics.occurrences, points: byEvent(({ length }) => length) },
    { ...bootMetrics.duration, points: alone(took) },
    { ...bootMetrics.awaited, points: alone(missing.filter(({ awaited }) => awaited).length) },
    { ...bootMetrics.criticalPath, points: criticalPoints(record) },
  ];
}

function criticalPoints(record: BootRecord): Point<number>[] {
  return (bootTrace(record)?.spans ?? []).flatMap(({ name, attributes }) => {
    const value = attributes['kube_latency.critical_path.duration'];
    // A unit's name is no label: there may be any number of them.
    const part = name.slice(bootRoot.length + 1);
    return typeof value === 'number' && !part.startsWith('unit#')
      ? [{ labels: { part }, value }]
      : [];
  });
}

/** The same families with labels that tell their node from others'. */
export function withLabels(families: readonly Family[], labels: Labels): readonly Family[] {
  return families.map((family) =>
    family.kind === 'histogram'
      ? { ...family, points: labelled(family.points, labels) }
      : { ...family, points: labelled(family.points, labels) },
  );
}

function labelled<Value>(points: Iterable<Point<Value>>, labels: Labels): Iterable<Point<Value>> {
  return {
    *[Symbol.iterator]() {
      for (const point of points) yield { ...point, labels: { ...labels, ...point.labels } };
    },
  };
}
