import type { MatrixCell, MatrixReport, Verdict } from '../../shared/mesh/matrix-report.ts';
import { sumSince } from './cell.ts';
import type { CellOf, MeshBook } from './mesh-book.ts';

export interface MatrixState {
  readonly book: MeshBook;
  readonly verdicts: readonly Verdict[];
  readonly silent: readonly string[];
  readonly nowMs: number;
}

/** The mesh of the last 60 s, or of three intervals where these are longer, as JSON, a MatrixReport, in pieces of one cell each, so that whoever writes them may pause. */
export function* matrixText({ book, verdicts, silent, nowMs }: MatrixState): Generator<string> {
  const { windowMs, oldest: oldestOf } = book.slots();
  const oldest = oldestOf(nowMs);
  const { roster } = book;
  const zones = roster.zones();
  const members = [...roster.members()].toSorted(([, a], [, b]) => (a.name < b.name ? -1 : 1));
  const places = new Map(members.map(([number], place) => [number, place]));
  const head: Omit<MatrixReport, 'pairs' | 'zonePairs'> = {
    version: 1,
    protocol: book.protocol(),
    atMs: nowMs,
    windowMs,
    nodes: members.map(([, { name, zone, rack }]) => ({ name, zone: zones[zone] ?? '', rack })),
    zones: [...zones],
    silent: [...silent],
    verdicts: [...verdicts],
  };
  yield JSON.stringify(head).slice(0, -1);
  yield ',"pairs":[';
  yield* cellTexts(book.pairs(), oldest, (number) => places.get(number));
  yield '],"zonePairs":[';
  yield* cellTexts(book.zonePairs(), oldest, (number) => number);
  yield ']}\n';
}

function* cellTexts(
  kept: Iterable<CellOf>,
  oldest: number,
  placeOf: (number: number) => number | undefined,
): Generator<string> {
  let comma = '';
  for (const { from, to, cell } of kept) {
    const [source, destination] = [placeOf(from), placeOf(to)];
    const { sent, lost, meanS, minS, maxS, lastS } = sumSince(cell, oldest);
    if (source === undefined || destination === undefined || sent === 0) continue;
    const shown: MatrixCell = {
      from: source,
      to: destination,
      sent,
      lost,
      meanS: meanS ?? null,
      minS: minS ?? null,
      maxS: maxS ?? null,
      lastS: lastS ?? null,
    };
    yield `${comma}${JSON.stringify(shown)}`;
    comma = ',';
  }
}
