import { bootRoot, bootTraceId } from '../../../shared/boot-trace.ts';
import type { BootRecord } from '../boot-record.ts';
import type { Measurement, Timing } from '../measurement.ts';
import type { BootSpan, BootTrace } from './boot-span.ts';
import { markCritical } from './critical.ts';
import { nodeAttributes } from './node-attributes.ts';
import { partsOf } from './parts.ts';

/** What happens again and again is told so often at most; the SDK keeps 128 events of a span. */
const mostOfOne = 50;

/** The trace of a boot; undefined where nothing happened. Its ids are the same whenever and wherever it is made. */
export function bootTrace(record: BootRecord): BootTrace | undefined {
  const { facts, measurement } = record;
  const { zero } = measurement;
  if (zero === undefined) return undefined;
  const parts = partsOf(record);
  const root = rootOf(record, parts);
  const traceId = bootTraceId(
    facts.bootId ?? String(zero.atUnixNs),
    facts.uid ?? facts.name ?? facts.instanceId ?? '',
  );
  return { traceId, spans: markCritical(root, parts) };
}

function rootOf({ facts, measurement }: BootRecord, parts: readonly BootSpan[]): BootSpan {
  const { timings, missing, endUnixNs, complete } = measurement;
  const awaited = missing.filter((each) => each.awaited).map(({ event }) => event.metric);
  const starts = [
    ...timings.map(({ atUnixNs }) => atUnixNs),
    ...parts.map(({ startUnixNs }) => startUnixNs),
  ];
  const startUnixNs = starts.reduce((a, b) => (b < a ? b : a));
  const last = timings.at(-1)?.atUnixNs ?? startUnixNs;
  return {
    name: bootRoot,
    parent: undefined,
    startUnixNs,
    endUnixNs: complete ? (endUnixNs ?? last) : last,
    attributes: {
      ...nodeAttributes(facts),
      'kube_latency.boot.complete': complete,
      ...(facts.bootId === undefined ? {} : { 'kube_latency.boot.id': facts.bootId }),
      ...(missing.length === 0
        ? {}
        : { 'kube_latency.boot.missing': missing.map(({ event }) => event.metric) }),
    },
    events: eventsOf(measurement),
    failure: complete ? undefined : `not reached: ${awaited.join(', ')}`,
  };
}

function eventsOf({ timings }: Measurement): BootSpan['events'] {
  const told = new Map<string, number>();
  return timings.flatMap((timing) => {
    const before = told.get(timing.event.metric) ?? 0;
    told.set(timing.event.metric, before + 1);
    return before < mostOfOne ? [eventOf(timing)] : [];
  });
}

function eventOf({
  event,
  source,
  atUnixNs,
  precisionNs,
  comment,
}: Timing): BootSpan['events'][number] {
  return {
    name: event.metric,
    atUnixNs,
    attributes: {
      'kube_latency.boot.source': source,
      'kube_latency.boot.precision': precisionNs / 1e9,
      ...(comment === undefined ? {} : { 'kube_latency.boot.comment': comment }),
    },
  };
}
