import { mostRows, stretchesKept } from '../../shared/mesh/tally-limits.ts';
import type { MeshPlace } from '../../shared/mesh/tally-report.ts';
import { countsInRow, timesInRow, type Stretch } from './tally-sheet.ts';

/** What a report says beside its stretches. */
export interface TallyHead {
  readonly protocol: string;
  readonly source: MeshPlace;
  readonly full: boolean;
  readonly intervalMs: number;
  readonly convicted: readonly MeshPlace[];
}

/** The number in `?after=`; -1, so everything, where it is not given. */
export type AfterAnswer =
  | { readonly kind: 'ok'; readonly after: number }
  | { readonly kind: 'invalid'; readonly problem: string };

export function afterOf(query: URLSearchParams): AfterAnswer {
  const text = query.get('after');
  if (text === null) return { kind: 'ok', after: -1 };
  if (/^\d{1,15}$/.test(text)) return { kind: 'ok', after: Number(text) };
  return {
    kind: 'invalid',
    problem: `after: expected the number of a stretch, got ${JSON.stringify(text.slice(0, 40))}`,
  };
}

/**
 * The JSON of a TallyReport in small pieces, so that whoever writes it may pause. Stretches whose destinations would not find
 * room in one report are left for the next. Throws where it takes so long that a stretch is too old before its turn.
 */
export function* tallyText(head: TallyHead, stretches: readonly Stretch[]): Generator<string> {
  const told = stretches
    .slice(0, stretchesKept)
    .map((stretch) => ({ stretch, is: stretch.number }));
  const { convicted, ...rest } = head;
  const numbers = new Map<MeshPlace, number>();
  const numberOf = (place: MeshPlace): number => {
    const known = numbers.get(place) ?? numbers.size;
    if (known === numbers.size) numbers.set(place, known);
    return known;
  };
  const convictedNumbers = convicted.map(numberOf);
  yield `${JSON.stringify({ version: 1, ...rest }).slice(0, -1)},"convicted":${JSON.stringify(convictedNumbers)},"stretches":[`;
  for (const [index, { stretch, is }] of told.entries()) {
    if (!hasRoom(numbers, stretch)) break;
    yield `${index === 0 ? '' : ','}{"number":${is},"rows":[`;
    for (let row = 0; row < stretch.rows; row++) {
      if (stretch.number !== is) throw new Error(`stretch ${is} is gone before it was told`);
      const place = stretch.places[row];
      if (place !== undefined)
        yield `${row === 0 ? '' : ','}${rowText(stretch, row, numberOf(place))}`;
    }
    yield ']}';
  }
  yield '],"destinations":[';
  for (const [place, number] of numbers) yield `${number === 0 ? '' : ','}${placeText(place)}`;
  yield ']}\n';
}

function placeText({ node, zone, rack, namespace, pod }: MeshPlace): string {
  return JSON.stringify({ node, zone, rack, namespace, pod });
}

function hasRoom(numbers: ReadonlyMap<MeshPlace, number>, { places, rows }: Stretch): boolean {
  if (numbers.size + rows <= mostRows) return true;
  const fresh = places.slice(0, rows).filter((place) => !numbers.has(place));
  return numbers.size + fresh.length <= mostRows;
}

function rowText({ counts, times }: Stretch, row: number, destination: number): string {
  const [sent = 0, lost = 0, timed = 0] = counts.subarray(row * countsInRow);
  const [sum = 0, ...others] = times.subarray(row * timesInRow, (row + 1) * timesInRow);
  const told = timed === 0 ? 'null,null,null' : others.map(digits).join(',');
  return `[${destination},${sent},${lost},${timed},${digits(sum)},${told}]`;
}

/** As many digits as a float of 32 bits has. */
function digits(value: number): string {
  return String(Number(value.toPrecision(7)));
}
