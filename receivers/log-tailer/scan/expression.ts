import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';

/** A test of lines that takes time in proportion to their length, whatever the pattern. Throws where RE2 does not take it. */
export function expression(pattern: string): (line: string) => boolean {
  const compiled = RE2JS.compile(pattern);
  return (line) => compiled.test(line);
}

/** What is wrong with a pattern, in words; undefined: nothing. */
export function expressionProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (caught) {
    if (caught instanceof RE2JSException) return problemOf(pattern, caught);
    throw caught;
  }
}

function problemOf(pattern: string, caught: RE2JSException): string {
  const expected = "expected a pattern in RE2's syntax, got ";
  if (!(caught instanceof RE2JSSyntaxException)) return expected + caught.message;
  const part = caught.getPattern() ?? '';
  const at = pattern.indexOf(part);
  const place = part === '' || at < 0 ? '' : ` at character ${at + 1}: ${JSON.stringify(part)}`;
  return expected + caught.getDescription() + place;
}
