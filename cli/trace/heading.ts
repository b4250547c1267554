import { humanDuration } from '../terminal/duration.ts';
import { columns, counted, printable, wrapItems } from '../terminal/text.ts';
import type { Drawing } from './drawing.ts';
import type { Trace } from './model.ts';

/** What stands above the picture: the trace, how much and how long it is, and whose spans are in it. */
export function headingLines(trace: Trace, drawing: Drawing): string[] {
  return [...titleLines(trace, drawing), ...legendLines(drawing)];
}

function titleLines(trace: Trace, { width, glyphs, paint, services, totalNs, fromNs }: Drawing) {
  const separator = ` ${glyphs.separator} `;
  const title = `trace ${trace.traceId}`;
  const facts = [
    counted(trace.spans.length, 'span'),
    counted(services.size, 'service'),
    humanDuration(totalNs, glyphs.micro),
    new Date(Number(fromNs / 1_000_000n)).toISOString().replace('T', ' ').replace('Z', ' UTC'),
  ];
  const rest = facts.map((fact) => `${separator}${fact}`).join('');
  if (columns(title + rest) <= width) {
    return [paint('bold', title) + paint('dim', rest)];
  }
  const lines = wrapItems(
    facts.map((text) => ({ text })),
    separator.length,
    width,
  );
  return [
    paint('bold', title),
    ...lines.map((line) => paint('dim', line.map(({ text }) => text).join(separator))),
  ];
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
