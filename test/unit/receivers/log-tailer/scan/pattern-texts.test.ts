import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { patternTexts } from '../../../../../receivers/log-tailer/scan/pattern-texts.ts';

const all = () => true;

describe('patternTexts()', () => {
  const required: readonly (readonly [string, string, readonly string[]])[] = [
    ['a text', 'Successfully registered', ['Successfully registered']],
    ['what is escaped', String.raw`Network \(Pre\)\.`, ['Network (Pre).']],
    ['the longer part', String.raw`abc.*defgh`, ['defgh']],
    ['alternatives', 'Starting (kubelet|runc)', ['Starting kubelet', 'Starting runc']],
    ['the shorter of two that hold each other', 'Started kubelet("|)', ['Started kubelet']],
    ['what may be missing', 'abc(def)?ghi', ['abcdefghi', 'abcghi']],
    ['what comes once or more', 'a(bcd)+', ['bcd']],
    ['what comes so often', 'a(bcd){2,3}', ['bcd']],
    ['nothing of what may come never', '(abc)*d', ['d']],
    ['nothing of what may come zero times', '(abc){0,2}d', ['d']],
    ['characters of a small class', '[Oo]ut of memory', ['Out of memory', 'out of memory']],
    ['nothing of a large class', '[a-z0-9]xyz', ['xyz']],
    ['nothing of a class of others', '[^a]xyz', ['xyz']],
    ['nothing of a class of kinds', String.raw`[\d.]xyz[[:alpha:]]`, ['xyz']],
    ['what follows a bracket in a class', '[]a]bc', [']bc', 'abc']],
    ['both cases', '(?i)oom', ['oom', 'ooM', 'oOm', 'oOM', 'Oom', 'OoM', 'OOm', 'OOM']],
    ['one case after both', '(?i:x)abc', ['xabc', 'Xabc']],
    ['no text of assertions', String.raw`^abc\b`, ['abc']],
    ['no text of kinds of characters', String.raw`\pL\p{Greek}\x41\x{263a}\dabc`, ['abc']],
    ['no text that is quoted', String.raw`\Qa.b\Ecde`, ['cde']],
    ['text of a named group', '(?P<unit>abc)(?<more>d)', ['abcd']],
    ['none where an alternative has none', 'abc|.*', ['']],
    ['none of any characters', '.*', ['']],
  ];

  for (const [what, pattern, texts] of required)
    it(`finds ${what}`, () => {
      assert.deepEqual(patternTexts(pattern, all).required, texts);
    });

  const inOrder: readonly (readonly [
    string,
    string,
    readonly (readonly string[])[] | undefined,
  ])[] = [
    ['one text', 'abc', [['abc']]],
    [
      'texts with anything between',
      '.*a(b|c).*?d?e.*',
      [
        ['ab', 'ac'],
        ['de', 'e'],
      ],
    ],
    ['nothing of what must be somewhere', '^abc.*d', undefined],
    ['nothing of what is between', String.raw`abc\d*d`, undefined],
    ['nothing of alternatives with anything between', '(a.*b|c)', undefined],
  ];

  for (const [what, pattern, texts] of inOrder)
    it(`says the order of ${what}`, () => {
      assert.deepEqual(patternTexts(pattern, all).inOrder, texts);
    });

  it('takes no character that the log has in another form', () => {
    const plain = (character: string) => character !== '"';

    assert.deepEqual(patternTexts('event="NodeReady"', plain).required, ['NodeReady']);
  });

  it('finds what every match has, and says the order of no more and no less than matches, for patterns of any form', () => {
    const characters = fc.constantFrom(
      'a',
      'b',
      'c',
      'K',
      '"',
      '.',
      String.raw`\.`,
      '[ab]',
      '[^a]',
      String.raw`\w`,
      '^',
      '$',
    );
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4 },
        characters,
        fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{0,1}', '+?'))
          .map(([a, operator]) => `(?:${a})${operator}`),
        tie('pattern').map((a) => `(?i:${a})`),
      ),
    }));
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', 'k', 'K', '\u212a', '"', '.'),
      maxLength: 12,
    });
    const parts = fc.array(fc.oneof(pattern, fc.constant('.*')), { minLength: 1, maxLength: 5 });
    const lines = fc.array(text, { minLength: 5, maxLength: 20 });
    const seen = { matches: 0, orders: 0 };
    fc.assert(
      fc.property(parts, lines, (expressions, samples) => {
        const expression = expressions.join('');
        const compiled = RE2JS.compile(expression);
        const found = patternTexts(expression, all);
        for (const line of samples) {
          const matches = compiled.test(line);
          if (matches) seen.matches++;
          const has = found.required?.some((literal) => line.includes(literal)) ?? true;
          assert.ok(!matches || has, `${expression} matches ${line}`);
          if (found.inOrder === undefined) continue;
          seen.orders++;
          assert.equal(isInOrder(found.inOrder, line), matches, `${expression} and ${line}`);
        }
      }),
      { numRuns: 2000 },
    );
    assert.ok(seen.matches > 1000 && seen.orders > 1000, JSON.stringify(seen));
  });
});

/** By trying every way. */
function isInOrder(steps: readonly (readonly string[])[], line: string): boolean {
  const [texts, ...rest] = steps;
  if (texts === undefined) return true;
  return texts.some((text) =>
    Array.from({ length: line.length + 1 }, (_, at) => at).some(
      (at) => line.startsWith(text, at) && isInOrder(rest, line.slice(at + text.length)),
    ),
  );
}
