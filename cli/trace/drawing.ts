import { humanDuration } from '../terminal/duration.ts';
import type { Glyphs } from '../terminal/glyphs.ts';
import { painter, type Paint } from '../terminal/paint.ts';
import { columns, printable } from '../terminal/text.ts';
import { axisTicks, type Tick } from './axis.ts';
import type { TraceSpan } from './model.ts';
import { servicesOf, type ServiceEntry } from './services.ts';
import type { TreeRow } from './tree.ts';

export interface WaterfallOptions {
  /** Columns that no line exceeds; fewer than 40 are taken as 40. */
  readonly width: number;
  readonly colour: boolean;
  readonly glyphs: Glyphs;
}

/** Widths of the columns of a waterfall; a service column of 0 is left out. */
interface Layout {
  readonly label: number;
  readonly service: number;
  readonly bar: number;
  readonly duration: number;
}

/** What every line of one waterfall has in common. */
export interface Drawing {
  readonly width: number;
  readonly layout: Layout;
  readonly glyphs: Glyphs;
  readonly paint: Paint;
  readonly services: ReadonlyMap<string, ServiceEntry>;
  readonly ticks: readonly Tick[];
  readonly fromNs: bigint;
  readonly totalNs: bigint;
}

const narrowest = 40;

/** What stands between two columns. */
export const gap = '  ';

export function prepareDrawing(rows: readonly TreeRow[], options: WaterfallOptions): Drawing {
  const { glyphs } = options;
  const width = Math.max(narrowest, options.width);
  const spans = rows.map((row) => row.span);
  const fromNs = spans.map(startNs).reduce((a, b) => (b < a ? b : a), startNs(spans[0]));
  const untilNs = spans.map(endNs).reduce((a, b) => (b > a ? b : a), fromNs);
  const layout = layOut(rows, width, glyphs);
  return {
    width,
    layout,
    glyphs,
    paint: painter(options.colour),
    services: servicesOf(spans),
    ticks: axisTicks(untilNs - fromNs, layout.bar, glyphs.micro),
    fromNs,
    totalNs: untilNs - fromNs,
  };
}

/** Bars get what labels leave, and never less than a quarter; a narrow picture goes without the service column. */
function layOut(rows: readonly TreeRow[], width: number, glyphs: Glyphs): Layout {
  const duration = widest(rows.map(({ span }) => durationText(span, glyphs)));
  const services = widest(rows.map(({ span }) => printable(span.service)));
  const service = width < 60 ? 0 : Math.min(width < 100 ? 10 : 16, services);
  const fixed = 2 * gap.length + duration + (service === 0 ? 0 : service + gap.length);
  const label = Math.min(
    widest(rows.map((row) => treePrefix(row, glyphs) + rowMark(row, glyphs) + nameOf(row.span))),
    width - fixed - Math.floor(width / 4),
  );
  return { label, service, duration, bar: width - fixed - label };
}

/** The lines of the tree left of a name. */
export function treePrefix({ lastOnLevel }: TreeRow, glyphs: Glyphs): string {
  return lastOnLevel
    .map((last, level) => {
      if (level === lastOnLevel.length - 1) {
        return last ? glyphs.lastBranch : glyphs.branch;
      }
      return last ? glyphs.gap : glyphs.trunk;
    })
    .join('');
}

/** What is to be noticed about a span, before its name. */
export function rowMark({ orphan, span }: TreeRow, glyphs: Glyphs): string {
  return (orphan ? `${glyphs.orphan} ` : '') + (isFailed(span) ? `${glyphs.failed} ` : '');
}

/** A span's name as it is drawn; some instrumentation leaves it empty. */
export function nameOf({ name }: TraceSpan): string {
  return name === '' ? '(no name)' : printable(name);
}

export function isFailed(span: TraceSpan): boolean {
  return span.status.code === 'error';
}

export function durationText(span: TraceSpan, glyphs: Glyphs): string {
  return humanDuration(endNs(span) - startNs(span), glyphs.micro);
}

export function startNs(span: TraceSpan | undefined): bigint {
  return BigInt(span?.startTimeUnixNano ?? 0);
}

export function endNs(span: TraceSpan): bigint {
  return BigInt(span.endTimeUnixNano);
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, columns(text)), 0);
}
