import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { windowBytes } from './literal-table.ts';
import { requiredLiterals } from './required-literals.ts';

/** What a line is recognised by. */
export interface Pattern {
  /** Only a line with one of them in it can match. */
  readonly literals: readonly Buffer[];
  /** Asks a line that has one of them; takes time in proportion to its length. */
  readonly matches: (line: string) => boolean;
}

export type CompiledPattern =
  | { readonly kind: 'ok'; readonly pattern: Pattern }
  | { readonly kind: 'invalid'; readonly problem: string };

export interface PatternOptions {
  /** Lines are looked at as JSON has them, in which some characters are escaped. */
  readonly inJson: boolean;
}

/** What Go's and others' JSON writes in another form than it is. */
// oxlint-disable-next-line no-control-regex
const escapedInJson = /["\\<>&\u0000-\u001f\u2028\u2029]|[^\u0000-\u007f]/;

/** Compiles a pattern in RE2's syntax. One that has no text of three bytes which every match must have is invalid. */
export function compilePattern(text: string, { inJson }: PatternOptions): CompiledPattern {
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(text);
  } catch (caught) {
    if (!(caught instanceof RE2JSException)) throw caught;
    return { kind: 'invalid', problem: problemOf(text, caught) };
  }
  const found = requiredLiterals(text, (character) =>
    inJson ? !escapedInJson.test(character) : character !== '\n',
  );
  const literals = (found?.texts ?? []).map((literal) => Buffer.from(literal));
  if (literals.length === 0 || literals.some(({ length }) => length < windowBytes)) {
    const got =
      found === undefined || found.texts.includes('')
        ? 'none'
        : found.texts.map((each) => `'${each}'`).join(', ');
    const problem = `expected a text of ${windowBytes} bytes or more that every match has${inJson ? ', without what JSON escapes' : ''}, got ${got}`;
    return { kind: 'invalid', problem };
  }
  const matches = found?.decide === true ? () => true : (line: string) => expression.test(line);
  return { kind: 'ok', pattern: { literals, matches } };
}

function problemOf(text: string, caught: RE2JSException): string {
  const expected = "expected a pattern in RE2's syntax, got ";
  if (!(caught instanceof RE2JSSyntaxException)) return expected + caught.message;
  const part = caught.getPattern() ?? '';
  const at = text.indexOf(part);
  const place = part === '' || at < 0 ? '' : ` at character ${at + 1}: '${part}'`;
  return expected + caught.getDescription() + place;
}
