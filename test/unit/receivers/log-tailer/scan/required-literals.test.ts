import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { requiredLiterals } from '../../../../../receivers/log-tailer/scan/required-literals.ts';

const all = () => true;

describe('requiredLiterals()', () => {
  const cases: readonly (readonly [string, string, readonly string[], boolean])[] = [
    ['a text', 'Successfully registered', ['Successfully registered'], true],
    ['what is escaped', String.raw`Network \(Pre\)\.`, ['Network (Pre).'], true],
    ['the longer part', String.raw`abc.*defgh`, ['defgh'], false],
    [
      'alternatives',
      'Starting (kubelet|containerd)',
      ['Starting kubelet', 'Starting containerd'],
      true,
    ],
    ['the shorter of two that hold each other', 'Started kubelet("|)', ['Started kubelet'], true],
    ['what may be missing', 'abc(def)?ghi', ['abcdefghi', 'abcghi'], true],
    ['what comes once or more', 'a(bcd)+', ['bcd'], false],
    ['what comes so often', 'a(bcd){2,3}', ['bcd'], false],
    ['nothing of what may come never', '(abc)*d', ['d'], false],
    ['nothing of what may come zero times', '(abc){0,2}d', ['d'], false],
    ['characters of a small class', '[Oo]ut of memory', ['Out of memory', 'out of memory'], true],
    ['nothing of a large class', '[a-z0-9]xyz', ['xyz'], false],
    ['nothing of a class of others', '[^a]xyz', ['xyz'], false],
    ['nothing of a class of kinds', String.raw`[\d.]xyz[[:alpha:]]`, ['xyz'], false],
    ['what follows a bracket in a class', '[]a]bc', [']bc', 'abc'], true],
    ['both cases', '(?i)oom', ['oom', 'ooM', 'oOm', 'oOM', 'Oom', 'OoM', 'OOm', 'OOM'], true],
    ['one case after both', '(?i:x)abc', ['xabc', 'Xabc'], true],
    ['no text of assertions', String.raw`^abc\b`, ['abc'], false],
    ['no text of kinds of characters', String.raw`\pL\p{Greek}\x41\x{263a}\dabc`, ['abc'], false],
    ['no text that is quoted', String.raw`\Qa.b\Ecde`, ['cde'], false],
    ['text of a named group', '(?P<unit>abc)(?<more>d)', ['abcd'], true],
    ['none where an alternative has none', 'abc|.*', [''], false],
    ['none of any characters', '.*', [''], false],
  ];

  for (const [what, pattern, texts, decide] of cases)
    it(`finds ${what}`, () => {
      const found = requiredLiterals(pattern, all);

      assert.deepEqual(found?.texts, texts);
      assert.equal(found?.decide ?? false, decide);
    });

  it('takes no character that the log has in another form', () => {
    const found = requiredLiterals('event="NodeReady"', (character) => character !== '"');

    assert.deepEqual(found, { texts: ['NodeReady'], decide: false });
  });

  it('finds what every match has, and matches wherever it decides, for patterns of any form', () => {
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
    let matches = 0;
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 5, maxLength: 20 }), (expression, lines) => {
        const compiled = RE2JS.compile(expression);
        const found = requiredLiterals(expression, all);
        for (const line of lines) {
          const has = found?.texts.some((literal) => line.includes(literal));
          if (compiled.test(line)) {
            matches++;
            assert.notEqual(has, false, `${expression} matches ${line} without ${found?.texts}`);
          } else if (found?.decide === true) assert.equal(has, false, `${expression} ${line}`);
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(matches > 1000, `${matches} matches`);
  });
});
