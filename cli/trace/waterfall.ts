import { columns, counted, padEnd, padStart, printable, truncateMiddle } from '../terminal/text.ts';
import { drawBar } from './bar.ts';
import {
  durationText,
  endNs,
  gap,
  isFailed,
  nameOf,
  prepareDrawing,
  rowMark,
  startNs,
  treePrefix,
  type Drawing,
  type WaterfallOptions,
} from './drawing.ts';
import { headingLines } from './heading.ts';
import type { Trace, TraceSpan } from './model.ts';
import { treeRows, type TreeRow } from './tree.ts';

/** Columns of its name that a span keeps however deep it lies. */
const keptName = 12;

/** Draws a trace as a tree of spans with bars on one time axis; no newline after the last line. */
export function waterfall(trace: Trace, options: WaterfallOptions): string {
  const rows = treeRows(trace.spans);
  const drawing = prepareDrawing(rows, options);
  return [
    ...headingLines(trace, drawing),
    '',
    axisLine(drawing),
    ...rows.map((row) => spanLine(row, drawing)),
    ...noteLines(rows, drawing),
  ].join('\n');
}

function axisLine({ layout, ticks, paint }: Drawing): string {
  const left = layout.label + gap.length + (layout.service === 0 ? 0 : layout.service + gap.length);
  const marks = ticks.reduce((line, { cell, label }) => padEnd(line, cell) + label, '');
  return ' '.repeat(left) + paint('dim', marks);
}

function spanLine(row: TreeRow, drawing: Drawing): string {
  const { layout, glyphs, paint, services } = drawing;
  const { span } = row;
  const service = truncateMiddle(printable(span.service), layout.service, glyphs.ellipsis);
  const serviceStyle = services.get(span.service)?.style ?? 'cyan';
  const duration = padStart(durationText(span, glyphs), layout.duration);
  return [
    labelCell(row, drawing),
    ...(layout.service === 0 ? [] : [paint(serviceStyle, padEnd(service, layout.service))]),
    barCell(span, drawing),
    isFailed(span) ? paint('red', duration) : duration,
  ].join(gap);
}

function labelCell(row: TreeRow, { layout, glyphs, paint }: Drawing): string {
  const name = nameOf(row.span);
  const mark = rowMark(row, glyphs);
  const room = layout.label - mark.length - Math.min(keptName, columns(name));
  const prefix = shortenPrefix(treePrefix(row, glyphs), room, glyphs.ellipsis);
  const shown = truncateMiddle(name, layout.label - prefix.length - mark.length, glyphs.ellipsis);
  const padding = layout.label - prefix.length - mark.length - columns(shown);
  const paintedMark = paint(isFailed(row.span) ? 'red' : 'yellow', mark);
  return `${paint('dim', prefix)}${paintedMark}${shown}${' '.repeat(padding)}`;
}

/** A tree deeper than its column is wide gives up its outer levels. */
function shortenPrefix(prefix: string, room: number, ellipsis: string): string {
  return prefix.length <= room
    ? prefix
    : ellipsis + prefix.slice(prefix.length - room + ellipsis.length);
}

function barCell(span: TraceSpan, drawing: Drawing): string {
  const { layout, glyphs, paint, services, ticks, fromNs, totalNs } = drawing;
  const fraction = (ns: bigint) => (totalNs === 0n ? 0 : Number(ns - fromNs) / Number(totalNs));
  const extent = { from: fraction(startNs(span)), to: fraction(endNs(span)) };
  const bar = drawBar(extent, layout.bar, glyphs);
  const marked = new Set(ticks.map((tick) => tick.cell));
  const empty = (first: number, length: number) =>
    Array.from({ length }, (_, index) => (marked.has(first + index) ? glyphs.grid : ' ')).join('');
  const style = isFailed(span) ? 'red' : (services.get(span.service)?.style ?? 'cyan');
  return (
    paint('dim', empty(0, bar.before)) +
    paint(style, bar.text) +
    paint('dim', empty(layout.bar - bar.after, bar.after))
  );
}

function noteLines(rows: readonly TreeRow[], { glyphs, paint }: Drawing): string[] {
  const orphans = rows.filter((row) => row.orphan).length;
  const failed = rows.filter((row) => isFailed(row.span)).length;
  const lines: string[] = [];
  if (orphans > 0) {
    lines.push(
      paint('yellow', `${glyphs.orphan} parent not in this trace: ${counted(orphans, 'span')}`),
    );
  }
  if (failed > 0) {
    lines.push(paint('red', `${glyphs.failed} failed: ${counted(failed, 'span')}`));
  }
  return lines.length === 0 ? [] : ['', ...lines];
}
