import type { BootRecord } from '../../../receivers/log-tailer/boot/boot-record.ts';
import { decimalsOf, secondsText } from '../../../receivers/log-tailer/boot/decimals.ts';
import type { Measurement, Timing } from '../../../receivers/log-tailer/boot/measurement.ts';
import type { BootSpan } from '../../../receivers/log-tailer/boot/trace/boot-span.ts';
import { bootTrace } from '../../../receivers/log-tailer/boot/trace/boot-trace.ts';
import { bootRoot } from '../../../receivers/shared/boot-trace.ts';
import { formatTimeNs } from '../../../receivers/shared/rfc3339.ts';
import { humanDuration } from '../../terminal/duration.ts';
import type { BootData, BootRow } from './page/boot-data.ts';

/** More would be no picture. */
const mostEvents = 1000;

/** What the page of a boot is drawn from. */
export function pageData(record: BootRecord): BootData {
  const { facts, measurement } = record;
  const { timings, missing, zero, endUnixNs, complete } = measurement;
  const spans = bootTrace(record)?.spans ?? [];
  const beganNs = spans[0]?.startUnixNs ?? 0n;
  const since = (ns: bigint): number => Number(ns - beganNs);
  const rows = [
    ...timings.slice(0, mostEvents).map((timing) => eventRow(timing, measurement, since)),
    ...spans.slice(1).map((span) => spanRow(span, spans, since)),
  ];
  return {
    node: facts.name ?? facts.instanceId ?? 'a node',
    facts: Object.entries(facts).filter(([name]) => name !== 'name'),
    began: spans.length === 0 ? '' : timeText(beganNs, 1000),
    took:
      zero === undefined || endUnixNs === undefined ? '' : humanDuration(endUnixNs - zero.atUnixNs),
    complete,
    lengthNs: rows.reduce((longest, { toNs }) => Math.max(longest, toNs), 0),
    rows,
    leftOut: Math.max(0, timings.length - mostEvents),
    missing: missing.map(({ event, why, awaited }) => ({ name: event.name, why, awaited })),
  };
}

function eventRow(
  { event, source, atUnixNs, precisionNs, sinceNs, comment, afterEnd }: Timing,
  { zero }: Measurement,
  since: (ns: bigint) => number,
): BootRow {
  const exact = decimalsOf(Math.max(precisionNs, zero?.precisionNs ?? 1));
  return {
    kind: 'event',
    name: event.name,
    told: `${secondsText(sinceNs, Math.min(6, exact))} s`,
    fromNs: since(atUnixNs),
    toNs: since(atUnixNs),
    precisionNs,
    depth: 0,
    waited: '',
    terminal: event.terminal,
    afterEnd,
    failure: '',
    details: [
      ['metric', event.metric],
      ['source', source],
      ['time', timeText(atUnixNs, precisionNs)],
      ['exact to', humanDuration(BigInt(precisionNs))],
      ...(comment === undefined ? [] : [['comment', comment] as const]),
    ],
  };
}

function spanRow(
  span: BootSpan,
  spans: readonly BootSpan[],
  since: (ns: bigint) => number,
): BootRow {
  const { name, parent, startUnixNs, endUnixNs, attributes, failure } = span;
  const waited = attributes['kube_latency.critical_path.duration'];
  const precision = attributes['kube_latency.boot.precision'];
  const precisionNs = typeof precision === 'number' ? Math.round(precision * 1e9) : 1;
  const under = spans.find((each) => each.name === parent);
  return {
    kind: 'span',
    name: name.slice(bootRoot.length + 1),
    told: lengthText(endUnixNs - startUnixNs, precisionNs),
    fromNs: since(startUnixNs),
    toNs: since(endUnixNs),
    precisionNs: 0,
    depth: under?.parent === undefined ? 0 : 1,
    waited: typeof waited === 'number' ? humanDuration(BigInt(Math.round(waited * 1e9))) : '',
    terminal: false,
    afterEnd: false,
    failure: failure ?? '',
    details: [
      ['began', timeText(startUnixNs, 1000)],
      ['ended', timeText(endUnixNs, 1000)],
      ...Object.entries(attributes)
        .filter(([key]) => !key.startsWith('kube_latency.critical_path'))
        .map(([key, value]) => [key.replace('kube_latency.boot.', ''), String(value)] as const),
    ],
  };
}

/** As exact as its ends are. */
function lengthText(ns: bigint, precisionNs: number): string {
  return precisionNs < 1e6 ? humanDuration(ns) : `${secondsText(ns, decimalsOf(precisionNs))} s`;
}

function timeText(unixNs: bigint, precisionNs: number): string {
  const decimals = Math.min(6, decimalsOf(precisionNs));
  return formatTimeNs(unixNs, decimals).replace('T', ' ').replace('Z', ' UTC');
}
