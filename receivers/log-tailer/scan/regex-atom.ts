/** The smallest part of a pattern that a repetition can follow. */
export type Atom =
  | { readonly kind: 'one-of'; readonly characters: readonly string[] }
  /** One of too many characters, or several; `dot`: any but a newline. */
  | { readonly kind: 'any' | 'dot' }
  /** What has no characters of its own: `^`, `$`, `\b`. */
  | { readonly kind: 'nothing' }
  /** An open parenthesis; undefined where it does not say whether case matters. */
  | { readonly kind: 'group' | 'flags'; readonly foldCase: boolean | undefined };

interface Read {
  readonly atom: Atom;
  readonly end: number;
}

const any: Atom = { kind: 'any' };
const nothing: Atom = { kind: 'nothing' };
const mostInRange = 16;
const controls: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Reads the atom at `at` of a pattern that RE2 takes. */
export function readAtom(text: string, at: number): Read {
  const character = text[at] ?? '';
  switch (character) {
    case '(':
      return readGroup(text, at);
    case '[':
      return readClass(text, at);
    case '\\':
      return readEscape(text, at);
    case '.':
      return { atom: { kind: 'dot' }, end: at + 1 };
    case '^':
    case '$':
      return { atom: nothing, end: at + 1 };
    default:
      return halfOfOne(text, at) ? { atom: any, end: at + 2 } : one(character, at + 1);
  }
}

/** A character of two code units: what they are in a log is not looked for. */
function halfOfOne(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff;
}

function readGroup(text: string, at: number): Read {
  if (text[at + 1] !== '?') return { atom: { kind: 'group', foldCase: undefined }, end: at + 1 };
  const close = endOf(text, at, (character) => ':)>'.includes(character));
  const head = text.slice(at + 2, close);
  const [on = '', off = ''] = head.split('-');
  const named = text[close] === '>';
  const foldCase = named ? undefined : off.includes('i') ? false : on.includes('i') || undefined;
  return { atom: { kind: text[close] === ')' ? 'flags' : 'group', foldCase }, end: close + 1 };
}

/** A class of single characters and short ranges; what else there is may be any character. */
function readClass(text: string, at: number): Read {
  const negated = text[at + 1] === '^';
  const first = at + (negated ? 2 : 1);
  const characters: string[] = [];
  let plain = !negated;
  let end = first;
  for (; end < text.length && (text[end] !== ']' || end === first); end++) {
    const character = text[end] ?? '';
    plain &&= !halfOfOne(text, end);
    if (character === '[' && text[end + 1] === ':') {
      plain = false;
      end = endOf(text, end + 1, (next) => next === ']');
    } else if (character === '\\') {
      const { atom, end: after } = readEscape(text, end);
      if (atom.kind === 'one-of') characters.push(...atom.characters);
      else plain = false;
      end = after - 1;
    } else if (character === '-' && end > first && text[end + 1] !== ']') {
      const range = text[end + 1] === '\\' ? [] : rangeOf(characters.at(-1), text[end + 1]);
      plain &&= range.length > 0 && characters.length > 0;
      characters.push(...range);
      end = text[end + 1] === '\\' ? readEscape(text, end + 1).end - 1 : end + 1;
    } else characters.push(character);
  }
  return { atom: plain ? { kind: 'one-of', characters } : any, end: end + 1 };
}

function rangeOf(from = '', to = ''): readonly string[] {
  const [first = 0, last = 0] = [from.codePointAt(0), to.codePointAt(0)];
  if (last - first >= mostInRange) return [];
  return Array.from({ length: last - first + 1 }, (_, more) => String.fromCodePoint(first + more));
}

function readEscape(text: string, at: number): Read {
  const character = text[at + 1] ?? '';
  const control = controls[character];
  if (control !== undefined) return one(control, at + 2);
  switch (character) {
    case 'b':
    case 'B':
    case 'A':
    case 'z':
      return { atom: nothing, end: at + 2 };
    case 'Q':
      return { atom: any, end: endOfQuote(text, at) };
    case 'p':
    case 'P':
    case 'x':
      return { atom: any, end: endOfCode(text, at + 2, character === 'x' ? 2 : 1) };
    default:
      if (/[0-7]/.test(character)) return { atom: any, end: endOfOctal(text, at + 1) };
      if (/[a-zA-Z]/.test(character)) return { atom: any, end: at + 2 };
      return halfOfOne(text, at + 1) ? { atom: any, end: at + 3 } : one(character, at + 2);
  }
}

function one(character: string, end: number): Read {
  return { atom: { kind: 'one-of', characters: [character] }, end };
}

/** After `{...}`, or after so many characters where there are no braces. */
function endOfCode(text: string, at: number, characters: number): number {
  return text[at] === '{' ? endOf(text, at, (next) => next === '}') + 1 : at + characters;
}

function endOfOctal(text: string, at: number): number {
  const end = endOf(text, at, (character) => !/[0-7]/.test(character));
  return Math.min(end, at + 3);
}

function endOfQuote(text: string, at: number): number {
  const end = endOf(text, at, (character, place) => character === '\\' && text[place + 1] === 'E');
  return Math.min(end + 2, text.length);
}

function endOf(
  text: string,
  from: number,
  isEnd: (character: string, place: number) => boolean,
): number {
  for (let place = from; place < text.length; place++)
    if (isEnd(text[place] ?? '', place)) return place;
  return text.length;
}
