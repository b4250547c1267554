import type { NodeFacts } from '../../core/node-facts.ts';
import { formatTimeNs } from '../../../shared/rfc3339.ts';
import type { BootRecord } from '../boot-record.ts';
import { decimalsOf, secondsText } from '../decimals.ts';
import type { Timing } from '../measurement.ts';
import { classicTimings } from './classic-time.ts';

export interface ChartOptions {
  readonly comments: boolean;
  /** As node-latency-for-k8s has it: whole seconds, and nothing after the last terminal event. */
  readonly classic: boolean;
}

/** The timings as a table in Markdown, under a heading where the machine is known. */
export function markdownChart({ facts, measurement }: BootRecord, options: ChartOptions): string {
  const { comments, classic } = options;
  const timings = classic ? classicTimings(measurement) : measurement.timings;
  const head = ['EVENT', 'TIMESTAMP', 'T', ...(comments ? ['COMMENT'] : [])];
  const rows = timings.map((timing) => [
    timing.event.name,
    ...times(timing, measurement.zero?.precisionNs ?? 1, classic),
    ...(comments ? [timing.comment ?? ''] : []),
  ]);
  const heading = headingOf(facts);
  return [...(heading === undefined ? [] : [heading]), ...table(head, rows)].join('\n');
}

/** A difference is as exact as the less exact of two times. */
function times(
  { atUnixNs, precisionNs, sinceNs }: Timing,
  zeroPrecisionNs: number,
  classic: boolean,
): [timestamp: string, since: string] {
  const at = classic ? 0 : decimalsOf(precisionNs);
  const since = classic ? 0 : decimalsOf(Math.max(precisionNs, zeroPrecisionNs));
  return [formatTimeNs(atUnixNs, at), `${secondsText(sinceNs, since)}s`];
}

function headingOf(facts: NodeFacts): string | undefined {
  const { instanceId, privateIp, instanceType, architecture, availabilityZone, imageId } = facts;
  const name = instanceId ?? facts.name;
  if (name === undefined) return undefined;
  const rest = [instanceType, architecture, availabilityZone, imageId];
  const known = rest.filter((each) => each !== undefined).map((each) => ` | ${oneLine(each)}`);
  const ip = privateIp === undefined ? '' : ` (${oneLine(privateIp)})`;
  return `### ${oneLine(name)}${ip}${known.join('')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(cellText));
  const widths = head.map((title, column) =>
    cells.reduce((widest, row) => Math.max(widest, (row[column] ?? '').length), title.length),
  );
  const line = (parts: readonly string[]): string => `|${parts.join('|')}|`;
  return [
    line(head.map((title, column) => ` ${centred(title, widths[column] ?? 0)} `)),
    line(widths.map((width) => '-'.repeat(width + 2))),
    ...cells.map((row) => line(row.map((cell, column) => ` ${cell.padEnd(widths[column] ?? 0)} `))),
  ];
}

function centred(text: string, width: number): string {
  return text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);
}

/** One row is one line, and a bar in it is no column. */
function cellText(text: string): string {
  return oneLine(text).replaceAll('|', '\\|');
}

/** Also harmless to a terminal. */
function oneLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
    .trim();
}
