import { readAtom } from './regex-atom.ts';

/** Texts one of which is somewhere. */
export type Texts = readonly string[];

export interface PatternTexts {
  /** Every match has at least one of them in it: as long ones as can be found. Undefined where nothing is known. */
  readonly required: Texts | undefined;
  /**
   * What a match is, where that can be said so: one text of each, one after the other, with anything between them. Undefined where
   * the pattern says more than that.
   */
  readonly inOrder: readonly Texts[] | undefined;
}

/** What is known of all matches of a part of a pattern. */
interface Held {
  /** All texts that the part can match; undefined where they are too many. */
  readonly exact: Texts | undefined;
  readonly required: Texts | undefined;
  readonly inOrder: readonly Texts[] | undefined;
}

/** Of texts that are put together of parts, and of alternatives. */
const mostTogether = 16;
const mostAlternatives = 64;
const repetition = /(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/y;
const empty: Held = { exact: [''], required: undefined, inOrder: undefined };
const unknown: Held = { exact: undefined, required: undefined, inOrder: undefined };
/** `.*` */
const anything: Held = { ...unknown };

/** Finds the texts of a pattern that RE2 takes. `isPlain` tells which characters stand in a log as they are. */
export function patternTexts(
  pattern: string,
  isPlain: (character: string) => boolean,
): PatternTexts {
  const reader = { text: pattern, at: 0, foldCase: false, asserts: false, isPlain };
  const { exact, required, inOrder } = alternatives(reader);
  const best = better(exact, required);
  const steps = inOrder ?? (exact && [exact]);
  return {
    required: best && withoutLonger(best),
    inOrder: reader.asserts ? undefined : steps?.filter((texts) => !texts.includes('')),
  };
}

interface Reader {
  readonly text: string;
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
  let run: Texts = [''];
  let required: Texts | undefined;
  let inOrder: readonly Texts[] | undefined = [];
  let whole = true;
  for (;;) {
    const next = reader.text[reader.at];
    if (next === undefined || next === '|' || next === ')') break;
    const part = repeated(reader, single(reader));
    const longer = part.exact && product(run, part.exact);
    if (longer !== undefined) {
      run = longer;
      continue;
    }
    whole = false;
    required = better(better(required, run), part.required);
    inOrder = part === anything ? inOrder && [...inOrder, run] : undefined;
    run = part.exact ?? [''];
  }
  return {
    exact: whole ? run : undefined,
    required: better(required, run),
    inOrder: inOrder && [...inOrder, run],
  };
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
    case 'dot':
      return afterDot(reader);
    case 'one-of': {
      const characters = reader.foldCase ? atom.characters.flatMap(casesOf) : atom.characters;
      const few = characters.length <= mostTogether && characters.every(reader.isPlain);
      return few ? { ...unknown, exact: [...new Set(characters)] } : unknown;
    }
  }
}

function afterDot(reader: Reader): Held {
  if (reader.text[reader.at] !== '*') return unknown;
  reader.at += reader.text[reader.at + 1] === '?' ? 2 : 1;
  return anything;
}

function repeated(reader: Reader, held: Held): Held {
  repetition.lastIndex = reader.at;
  const operator = repetition.exec(reader.text);
  if (operator === null) return held;
  reader.at += operator[0].length;
  const least = operator[0].startsWith('+') ? 1 : Number(operator[1] ?? 0);
  if (least > 0)
    return repeated(reader, { ...unknown, required: better(held.exact, held.required) });
  return repeated(reader, operator[0].startsWith('?') ? either(held, empty) : unknown);
}

function either(a: Held, b: Held): Held {
  const required = union(better(a.exact, a.required), better(b.exact, b.required));
  return { exact: union(a.exact, b.exact), required, inOrder: undefined };
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

/** Without those that have another one in them, with which they are found. */
function withoutLonger(texts: Texts): Texts {
  return texts.filter((longer) => !texts.some((one) => one !== longer && longer.includes(one)));
}

/** A character in both cases, as RE2 folds them; what is not ASCII is folded by no rule of ours. */
function casesOf(character: string): readonly string[] {
  const folded = { k: ['\u212a'], s: ['\u017f'] }[character.toLowerCase()] ?? [];
  return [character.toLowerCase(), character.toUpperCase(), ...folded];
}
