import type { MatrixReport } from '../../../receivers/shared/mesh/matrix-report.ts';
import type { Terminal } from '../../command.ts';
import { painter } from '../../terminal/paint.ts';
import { counted, printable, truncateMiddle, wrapItems } from '../../terminal/text.ts';
import { titleLines } from '../../terminal/title-lines.ts';
import { utcTime } from '../../terminal/utc-time.ts';
import { hasCells, nodeMatrix, widestMatrix, zoneMatrix, type Matrix } from '../matrix.ts';
import { sinceText } from '../since-text.ts';
import { lossiest, slowest } from '../worst.ts';
import { findingLines } from './finding-lines.ts';
import { matrixLines, type Drawing } from './matrix-lines.ts';
import { worstLines } from './worst-lines.ts';

export interface ReportTextOptions extends Pick<Terminal, 'width' | 'colour' | 'glyphs'> {
  /** Zone by zone, though the nodes would fit. */
  readonly zones: boolean;
  /** Links in each list of the worst; undefined: a few, where they are needed. */
  readonly top: number | undefined;
}

const narrowest = 40;
/** More are hard to read, however wide the terminal is. */
const mostNodes = 40;
const usualTop = 5;
const longestProtocol = 16;

/** The mesh for people: what is at fault, the matrix, the worst links. No line exceeds the width; no newline after the last. */
export function reportText(report: MatrixReport, options: ReportTextOptions): string {
  const paint = painter(options.colour);
  const width = Math.max(narrowest, options.width);
  const drawing = { width, paint, glyphs: options.glyphs };
  const drawn = hasCells(report)
    ? drawnMatrix(report, options.zones, drawing)
    : { lines: ['no round trip has been measured yet'], whole: true };
  const sections = [
    [...titleLines('round trips', factsOf(report), drawing), ...findingLines(report, drawing)],
    drawn.lines,
    ...worstOf(report, drawn.whole, options).map(({ matrix, links, title }) =>
      worstLines(matrix, links, { ...drawing, title }),
    ),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function factsOf({ protocol, nodes, zones, windowMs, atMs }: MatrixReport): string[] {
  return [
    truncateMiddle(printable(protocol), longestProtocol, ''),
    counted(nodes.length, 'node'),
    counted(zones.length, 'zone'),
    `last ${sinceText(windowMs)}`,
    utcTime(atMs),
  ];
}

interface Drawn {
  readonly lines: readonly string[];
  /** All there is of the nodes is shown. */
  readonly whole: boolean;
}

/** The nodes where they fit and are wanted, else the zones where these do, else neither. */
function drawnMatrix(report: MatrixReport, zones: boolean, drawing: Drawing): Drawn {
  const draw = (matrix: Matrix) => matrixLines(matrix, drawing);
  const fits = !zones && report.pairs.length > 0 && report.nodes.length <= mostNodes;
  const nodes = fits ? draw(nodeMatrix(report)) : undefined;
  if (nodes !== undefined) return { lines: nodes, whole: true };
  const byZone = report.zonePairs.length > 0 ? draw(zoneMatrix(report)) : undefined;
  const left = zones || report.pairs.length === 0 ? [] : leftOut(report, drawing);
  return { lines: [...(byZone ?? []), ...left], whole: false };
}

function leftOut({ nodes }: MatrixReport, { width, paint }: Drawing): string[] {
  const items = [`${counted(nodes.length, 'node')} do not fit here`, '--html draws them all'];
  return wrapItems(
    items.map((text) => ({ text })),
    2,
    width,
  ).map((line) => paint('dim', line.map(({ text }) => text).join('; ')));
}

function worstOf(
  report: MatrixReport,
  whole: boolean,
  { top, zones }: ReportTextOptions,
): { matrix: Matrix; links: ReturnType<typeof slowest>; title: string }[] {
  const matrix = zones && report.zonePairs.length > 0 ? zoneMatrix(report) : widestMatrix(report);
  const most = top ?? usualTop;
  const things = matrix.of === 'zone' ? 'pairs of zones' : 'pairs';
  const slow = whole && top === undefined ? [] : slowest(matrix, most);
  return [
    { matrix, links: slow, title: `slowest ${things}` },
    { matrix, links: lossiest(matrix, most), title: `${things} that lose most` },
  ];
}
