import { readAtom } from './regex-atom.ts';

/** Texts of which every match of a part of a pattern has one in it. */
type Texts = readonly string[];

/** What is known of all matches of a part of a pattern. */
interface Held {
  /** All texts that the part can match; undefined where they are too many. */
  readonly exact: Texts | undefined;
  readonly required: Texts | undefined;
}

/** Of texts that are put together of parts, and of alternatives. */
const mostTogether = 10;
const mostAlternatives = 64;
const empty: Held = { exact: [''], required: undefined };
const unknown: Held = { exact: undefined, required: undefined };

export interface RequiredLiterals {
  /** Every match has at least one of them in it. */
  readonly texts: Texts;
  /** Where one of them is there is a match. */
  readonly decide: boolean;
}

/**
 * Texts that a match of a pattern has in it, as long ones as can be found; undefined where nothing is known. The pattern must
 * be one that RE2 takes; `isPlain` tells which characters stand in a log as they are.
 */
export function requiredLiterals(
  pattern: string,
  isPlain: (character: string) => boolean,
): RequiredLiterals | undefined {
  const text = Array.from(pattern);
  const reader = { text, at: 0, foldCase: false, asserts: false, isPlain };
  const { exact, required } = alternatives(reader);
  const texts = better(exact, required);
  if (texts === undefined) return undefined;
  // One that has another one in it is found with that.
  const shortestOnes = texts.filter(
    (longer) => !texts.some((other) => other !== longer && longer.includes(other)),
  );
  return { texts: shortestOnes, decide: texts === exact && !reader.asserts };
}

interface Reader {
  readonly text: readonly string[];
  readonly isPlain: (character: string) => boolean;
  at: number;
  foldCase: boolean;
  /** The pattern says something about places: the line's begin, the end of a word. */
  asserts: boolean;
}

function alternatives(reader: Reader): Held {
  const { foldCase } = reader;
  let held = sequence(reader);
  while (reader.text[reader.at] === '|') {
    reader.at++;
    held = either(held, sequence(reader));
  }
  reader.foldCase = foldCase;
  return held;
}

function sequence(reader: Reader): Held {
  let whole = true;
  let run: Texts = [''];
  let required: Texts | undefined;
  for (;;) {
    const next = reader.text[reader.at];
    if (next === undefined || next === '|' || next === ')') break;
    const part = repeated(reader, single(reader));
    const longer = part.exact === undefined ? undefined : product(run, part.exact);
    if (longer !== undefined) run = longer;
    else {
      required = better(better(required, run), part.required);
      run = part.exact ?? [''];
      whole = false;
    }
  }
  return { exact: whole ? run : undefined, required: better(required, run) };
}

function single(reader: Reader): Held {
  const { atom, end } = readAtom(reader.text, reader.at);
  reader.at = end;
  switch (atom.kind) {
    case 'group': {
      const outside = reader.foldCase;
      reader.foldCase = atom.foldCase ?? outside;
      const held = alternatives(reader);
      reader.foldCase = outside;
      reader.at++;
      return held;
    }
    case 'flags':
      reader.foldCase = atom.foldCase ?? reader.foldCase;
      return empty;
    case 'nothing':
      reader.asserts = true;
      return empty;
    case 'any':
      return unknown;
    case 'one-of': {
      const characters = reader.foldCase ? atom.characters.flatMap(casesOf) : atom.characters;
      const few = characters.length <= mostTogether && characters.every(reader.isPlain);
      return few ? { exact: [...new Set(characters)], required: undefined } : unknown;
    }
  }
}

function repeated(reader: Reader, held: Held): Held {
  const rest = reader.text.slice(reader.at, reader.at + 12).join('');
  const operator = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(rest);
  if (operator === null) return held;
  reader.at += operator[0].length;
  const least = operator[0].startsWith('+') ? 1 : Number(operator[1] ?? 0);
  if (least > 0)
    return repeated(reader, { exact: undefined, required: better(held.exact, held.required) });
  return repeated(reader, operator[0].startsWith('?') ? either(held, empty) : unknown);
}

function either(a: Held, b: Held): Held {
  const required = union(better(a.exact, a.required), better(b.exact, b.required));
  return { exact: union(a.exact, b.exact), required };
}

function union(a: Texts | undefined, b: Texts | undefined): Texts | undefined {
  if (a === undefined || b === undefined) return undefined;
  const texts = [...new Set([...a, ...b])];
  return texts.length <= mostAlternatives ? texts : undefined;
}

function product(a: Texts, b: Texts): Texts | undefined {
  if (a.length * b.length > mostTogether) return undefined;
  return a.flatMap((first) => b.map((second) => first + second));
}

/** The one whose shortest text is longer; with equal ones, the one of fewer texts. */
function better(a: Texts | undefined, b: Texts | undefined): Texts | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const [left, right] = [shortest(a), shortest(b)];
  return left > right || (left === right && a.length <= b.length) ? a : b;
}

function shortest(texts: Texts): number {
  return Math.min(...texts.map(({ length }) => length));
}

/** A character in both cases, as RE2 folds them; what is not ASCII is folded by no rule of ours. */
function casesOf(character: string): readonly string[] {
  const folded = { k: ['\u212a'], s: ['\u017f'] }[character.toLowerCase()] ?? [];
  return [character.toLowerCase(), character.toUpperCase(), ...folded];
}
