import { humanDuration } from '../terminal/duration.ts';
import { counted, printable, wrapItems } from '../terminal/text.ts';
import { titleLines } from '../terminal/title-lines.ts';
import { utcTime } from '../terminal/utc-time.ts';
import type { Drawing } from './drawing.ts';
import type { Trace } from './model.ts';

/** What stands above the picture: the trace, how much and how long it is, and whose spans are in it. */
export function headingLines(trace: Trace, drawing: Drawing): string[] {
  return [...titleOf(trace, drawing), ...legendLines(drawing)];
}

function titleOf(trace: Trace, { width, glyphs, paint, services, totalNs, fromNs }: Drawing) {
  const facts = [
    counted(trace.spans.length, 'span'),
    counted(services.size, 'service'),
    humanDuration(totalNs, glyphs.micro),
    utcTime(Number(fromNs / 1_000_000n)),
  ];
  return titleLines(`trace ${trace.traceId}`, facts, { width, glyphs, paint });
}

function legendLines({ width, glyphs, paint, services }: Drawing): string[] {
  const separator = '   ';
  const entries = [...services.values()].map(({ name, spans, style }) => ({
    text: `${glyphs.bar}${glyphs.bar} ${printable(name)} ${spans}`,
    style,
  }));
  return wrapItems(entries, separator.length, width).map((line) =>
    line.map(({ text, style }) => paint(style, text)).join(separator),
  );
}
