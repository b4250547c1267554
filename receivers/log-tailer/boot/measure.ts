import type { EventDefinition, Selector } from '../core/event.ts';
import type { Occurrence } from '../core/occurrence.ts';
import type { SourceReport } from '../core/source-report.ts';
import type { Measurement, Missing, Timing } from './measurement.ts';

export interface MeasureInput {
  /** Events of the same time are told in this order. */
  readonly definitions: readonly EventDefinition[];
  /** Of one boot; those of events that are not defined do not count. */
  readonly occurrences: readonly Occurrence[];
  readonly reports: readonly SourceReport[];
  /** Metric of the event at time zero; undefined: the earliest. */
  readonly anchor?: string | undefined;
}

/** Measures one boot. */
export function measure({ definitions, occurrences, reports, anchor }: MeasureInput): Measurement {
  const byEvent = Map.groupBy(occurrences, ({ event }) => event);
  const selected = definitions.flatMap((event) =>
    select(event.selector, trusted(event, byEvent.get(event.metric) ?? [])).map((occurrence) => ({
      event,
      occurrence,
    })),
  );
  // Sorting is stable: what happened at the same time stays in the order of the definitions.
  const sorted = selected.toSorted((a, b) => compareTimes(a.occurrence, b.occurrence));
  const [zero] = sorted;
  const endUnixNs = sorted.findLast(({ event }) => event.terminal)?.occurrence.atUnixNs;
  const timings = sorted.map(({ event, occurrence }): Timing => {
    const { source, atUnixNs, precisionNs, comment } = occurrence;
    return {
      event,
      source,
      atUnixNs,
      precisionNs,
      sinceNs: atUnixNs - (zero?.occurrence.atUnixNs ?? atUnixNs),
      afterEnd: endUnixNs !== undefined && atUnixNs > endUnixNs,
      ...(comment === undefined ? {} : { comment }),
    };
  });
  const told = new Set(timings.map(({ event }) => event.metric));
  const missing = definitions
    .filter(({ metric }) => !told.has(metric))
    .map((event) => missingOf(event, reports));
  const measurement = {
    zero: zero === undefined ? undefined : zeroOf(zero.event, zero.occurrence, false),
    timings,
    missing,
    endUnixNs,
    complete: !missing.some(({ awaited }) => awaited),
  };
  return anchor === undefined ? measurement : anchoredAt(measurement, anchor);
}

/** The same, counted from an event; unchanged where that has not happened. */
export function anchoredAt(measurement: Measurement, metric: string): Measurement {
  const { timings } = measurement;
  const anchor = timings.find(({ event }) => event.metric === metric);
  if (anchor === undefined) return measurement;
  const since = (timing: Timing): Timing => ({
    ...timing,
    sinceNs: timing.atUnixNs - anchor.atUnixNs,
  });
  return { ...measurement, zero: zeroOf(anchor.event, anchor, true), timings: timings.map(since) };
}

function zeroOf(
  { metric: event }: EventDefinition,
  { atUnixNs, precisionNs }: Pick<Timing, 'atUnixNs' | 'precisionNs'>,
  anchored: boolean,
): Measurement['zero'] {
  return { event, atUnixNs, precisionNs, anchored };
}

/** What the most trusted of the sources says that says anything. */
function trusted(
  { sources }: EventDefinition,
  occurrences: readonly Occurrence[],
): readonly Occurrence[] {
  const best = sources.find((name) => occurrences.some(({ source }) => source === name));
  return occurrences.filter(({ source }) => source === best);
}

function select(selector: Selector, occurrences: readonly Occurrence[]): readonly Occurrence[] {
  const sorted = occurrences.toSorted(compareTimes);
  switch (selector) {
    case 'all':
      return sorted;
    case 'first':
      return sorted.slice(0, 1);
    case 'last':
      return sorted.slice(-1);
  }
}

function missingOf(event: EventDefinition, reports: readonly SourceReport[]): Missing {
  const takingPart = reports.filter(({ source }) => event.sources.includes(source));
  return {
    event,
    why: whyMissing(event, takingPart),
    awaited: event.terminal && takingPart.length > 0,
  };
}

function whyMissing(
  { metric, sources }: EventDefinition,
  takingPart: readonly SourceReport[],
): string {
  if (takingPart.length === 0)
    return `no source that tells of it takes part: ${sources.join(', ')}`;
  const problems = takingPart.flatMap(({ source, problem, events }) => {
    const text = events?.[metric] ?? problem;
    return text === undefined ? [] : [`${source}: ${text}`];
  });
  const silent = takingPart
    .filter(({ problem, events }) => (events?.[metric] ?? problem) === undefined)
    .map(({ source }) => source);
  const unheard = silent.length === 0 ? [] : [`not told by ${silent.join(', ')}`];
  return [...unheard, ...problems].join('; ');
}

function compareTimes(
  { atUnixNs: a }: Pick<Occurrence, 'atUnixNs'>,
  { atUnixNs: b }: Pick<Occurrence, 'atUnixNs'>,
): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
