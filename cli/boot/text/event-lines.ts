import type { Measurement, Timing } from '../../../receivers/log-tailer/boot/measurement.ts';
import { decimalsOf, secondsText } from '../../../receivers/log-tailer/boot/decimals.ts';
import { formatTimeNs } from '../../../receivers/shared/rfc3339.ts';
import { columns, padEnd, padStart, printable, truncateMiddle } from '../../terminal/text.ts';
import { axisTicks } from '../../trace/axis.ts';
import { drawBar } from '../../trace/bar.ts';
import type { BootDrawing } from './drawing.ts';

/** More than microseconds are hard to read and mean nothing between machines. */
const mostDecimals = 6;
const widestName = 32;
const widestSource = 12;
const leastMarks = 16;
const gap = '  ';

interface Row {
  readonly timing: Timing;
  readonly cells: Cells;
}

/** The events, one a line, with a mark on the axis of time where there is room for it; comments stand below their event. */
export function eventLines(measurement: Measurement, drawing: BootDrawing): string[] {
  const { paint, width, comments } = drawing;
  const { timings, zero } = measurement;
  if (zero === undefined) return ['nothing is told of this boot'];
  const rows = timings.map((timing) => rowOf(timing, zero.precisionNs, drawing));
  const layout = layOut([head, ...rows.map(({ cells }) => cells)], width);
  const scale = scaleOf(timings, layout.marks);
  const axis = scale === undefined ? '' : `${gap}${scale.axis}`;
  return [
    paint('dim', `${textOf(head, layout, drawing)}${axis}`.trimEnd()),
    ...rows.flatMap(({ timing, cells }) => {
      const text = textOf(cells, layout, drawing);
      const style = timing.afterEnd ? 'dim' : timing.event.terminal ? 'green' : undefined;
      const shown = scale === undefined ? text.trimEnd() : text;
      const told = style === undefined ? shown : paint(style, shown);
      const mark = scale === undefined ? '' : markOf(timing, scale, drawing);
      const comment =
        comments && timing.comment !== undefined ? [commentLine(timing.comment, drawing)] : [];
      return [`${told}${mark}`, ...comment];
    }),
  ];
}

type Cells = readonly [name: string, time: string, since: string, source: string];

const head: Cells = ['EVENT', 'TIME', 'T', 'SOURCE'];
/** Which cells are shown, from those that need most room to those that need least. */
const choices: readonly (readonly number[])[] = [
  [0, 1, 2, 3],
  [0, 1, 2],
  [0, 2],
];

interface Layout {
  readonly shown: readonly number[];
  readonly widths: readonly number[];
  /** Columns for the marks. */
  readonly marks: number;
}

/** A narrow picture goes without sources, then without times, then without marks. */
function layOut(lines: readonly Cells[], width: number): Layout {
  const widths = head.map((_, column) =>
    lines.reduce((most, cells) => Math.max(most, columns(cells[column] ?? '')), 0),
  );
  const layouts = choices.map((shown) => {
    const taken = shown.reduce((sum, column) => sum + (widths[column] ?? 0) + gap.length, 0);
    return { shown, widths, marks: width - taken };
  });
  const least = {
    shown: [0, 2],
    widths: [width - gap.length - (widths[2] ?? 0), 0, widths[2] ?? 0],
  };
  return (
    layouts.find(({ marks }) => marks >= leastMarks) ??
    layouts.find(({ marks }) => marks >= -gap.length) ?? { ...least, marks: 0 }
  );
}

function textOf(cells: Cells, { shown, widths }: Layout, { glyphs }: BootDrawing): string {
  return shown
    .map((column) => {
      const room = widths[column] ?? 0;
      const cell = truncateMiddle(cells[column] ?? '', room, glyphs.ellipsis);
      return column === 2 ? padStart(cell, room) : padEnd(cell, room);
    })
    .join(gap);
}

function rowOf(timing: Timing, zeroPrecisionNs: number, { glyphs }: BootDrawing): Row {
  const { event, source, atUnixNs, precisionNs, sinceNs } = timing;
  const exact = (ns: number): number => Math.min(mostDecimals, decimalsOf(ns));
  const since = secondsText(sinceNs, exact(Math.max(precisionNs, zeroPrecisionNs)));
  const time = formatTimeNs(atUnixNs, exact(precisionNs)).slice(11, -1);
  return {
    timing,
    cells: [
      truncateMiddle(printable(event.name), widestName, glyphs.ellipsis),
      time,
      `${since}s`,
      truncateMiddle(printable(source), widestSource, glyphs.ellipsis),
    ],
  };
}

interface Scale {
  readonly fromNs: bigint;
  readonly totalNs: bigint;
  readonly cells: number;
  readonly axis: string;
}

function scaleOf(timings: readonly Timing[], cells: number): Scale | undefined {
  const [first, last] = [timings[0], timings.at(-1)];
  if (cells < leastMarks || first === undefined || last === undefined) return undefined;
  const fromNs = first.atUnixNs;
  const totalNs = last.atUnixNs - fromNs;
  const ticks = axisTicks(totalNs, cells, 'u');
  const axis = ticks.reduce((line, { cell, label }) => padEnd(line, cell) + label, '');
  return { fromNs, totalNs, cells, axis };
}

function markOf(
  { atUnixNs, event }: Timing,
  { fromNs, totalNs, cells }: Scale,
  { glyphs, paint }: BootDrawing,
): string {
  const at = totalNs === 0n ? 0 : Number(atUnixNs - fromNs) / Number(totalNs);
  const { before, text } = drawBar({ from: at, to: at }, cells, glyphs);
  return `${gap}${' '.repeat(before)}${paint(event.terminal ? 'green' : 'cyan', text)}`;
}

function commentLine(comment: string, { width, glyphs, paint }: BootDrawing): string {
  return paint('dim', truncateMiddle(`  ${printable(comment)}`, width, glyphs.ellipsis));
}
