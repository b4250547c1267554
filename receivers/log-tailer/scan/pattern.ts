import { windowBytes } from './literal-window.ts';
import { patternTexts, type Texts } from './pattern-texts.ts';

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
  /** Makes a test of a pattern that says more than which texts follow each other. */
  readonly expression: (pattern: string) => Pattern['matches'];
}

/** What Go's and others' JSON writes in another form than it is. */
// oxlint-disable-next-line no-control-regex
const escapedInJson = /["\\<>&\u0000-\u001f\u2028\u2029]|[^\u0000-\u007f]/;

/** Compiles a pattern in RE2's syntax. One that has no text of three bytes which every match must have is invalid. */
export function compilePattern(
  text: string,
  { inJson, expression }: PatternOptions,
): CompiledPattern {
  const asItIs = patternTexts(text, () => true);
  const { required } = inJson ? patternTexts(text, (one) => !escapedInJson.test(one)) : asItIs;
  const literals = (required ?? []).map((literal) => Buffer.from(literal));
  const usable = literals.every((bytes) => bytes.length >= windowBytes && !bytes.includes('\n'));
  if (literals.length === 0 || !usable) {
    const got = required === undefined || required.includes('') ? 'none' : listed(required);
    const expected = `expected a text of ${windowBytes} bytes or more that every match has`;
    const problem = `${expected}${inJson ? ', without what JSON escapes' : ''}, got ${got}`;
    return { kind: 'invalid', problem };
  }
  const { inOrder } = asItIs;
  const decided = inOrder?.length === 1 && !inJson;
  const tested = inOrder === undefined ? expression(text) : follows(inOrder);
  return { kind: 'ok', pattern: { literals, matches: decided ? () => true : tested } };
}

/** Whether a pattern says more than which texts follow each other. */
export function needsExpression(text: string): boolean {
  return patternTexts(text, () => true).inOrder === undefined;
}

/** Taking the one that ends first of each leaves the most for those after it. */
function follows(inOrder: readonly Texts[]): Pattern['matches'] {
  return (line) => {
    let at = 0;
    for (const texts of inOrder) {
      let end = Number.POSITIVE_INFINITY;
      for (const text of texts) end = Math.min(end, endOf(line, text, at));
      if (end === Number.POSITIVE_INFINITY) return false;
      at = end;
    }
    return true;
  };
}

function endOf(line: string, text: string, from: number): number {
  const at = line.indexOf(text, from);
  return at < 0 ? Number.POSITIVE_INFINITY : at + text.length;
}

function listed(texts: Texts): string {
  return texts.map((text) => JSON.stringify(text)).join(', ');
}
