import type { MatrixReport } from '../../../receivers/shared/mesh/matrix-report.ts';
import type { Style } from '../../terminal/paint.ts';
import { counted, printable, truncateMiddle, wrapItems } from '../../terminal/text.ts';
import { hasCells } from '../matrix.ts';
import { verdictText } from '../verdict-text.ts';
import type { Drawing } from './matrix-lines.ts';

const indent = '  ';
const mostVerdicts = 20;
const mostSilent = 5;

/** What the aggregator found at fault, and whose pinger it does not hear, in words. */
export function findingLines(report: MatrixReport, drawing: Drawing): string[] {
  const { glyphs, width } = drawing;
  const shown = (name: string): string =>
    truncateMiddle(printable(name), width - indent.length, glyphs.ellipsis);
  const { verdicts } = report;
  const told = verdicts
    .slice(0, mostVerdicts)
    .map((verdict) => verdictText(verdict, { atMs: report.atMs, shown }));
  const more = verdicts.length - told.length;
  if (told.length === 0 && report.silent.length === 0 && hasCells(report)) {
    return [drawing.paint('green', 'no fault found')];
  }
  return [
    ...told.flatMap((text) => marked(glyphs.failed, text, 'red', drawing)),
    ...(more > 0 ? [`${indent}and ${counted(more, 'verdict')} more`] : []),
    ...silentLines(report.silent.map(shown), drawing),
  ];
}

function silentLines(silent: readonly string[], drawing: Drawing): string[] {
  if (silent.length === 0) return [];
  const named = silent.slice(0, mostSilent).join(', ');
  const more = silent.length - mostSilent;
  const rest = more > 0 ? ` and ${more} more` : '';
  const text = `${counted(silent.length, 'pinger')} not heard: ${named}${rest}`;
  return marked(drawing.glyphs.missing, text, 'yellow', drawing);
}

/** A sentence behind its mark, in as many lines as it takes. */
function marked(mark: string, text: string, style: Style, { width, paint }: Drawing): string[] {
  const words = text.split(' ').map((word) => ({ text: word }));
  return wrapItems(words, 1, width - indent.length).map((line, index) => {
    const before = index === 0 ? `${mark} ` : indent;
    return paint(style, before + line.map((word) => word.text).join(' '));
  });
}
