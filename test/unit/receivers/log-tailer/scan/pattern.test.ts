import assert from 'node:assert/strict';
import { compilePattern } from '../../../../../receivers/log-tailer/scan/pattern.ts';

const plain = { inJson: false };

describe('compilePattern()', () => {
  it('gives literals and a test', () => {
    const compiled = compilePattern("Cloud-init v.* running 'init'", plain);

    assert.ok(compiled.kind === 'ok');
    assert.deepEqual(compiled.pattern.literals.map(String), [" running 'init'"]);
    assert.equal(compiled.pattern.matches("Cloud-init v. 24.4 running 'init' at"), true);
    assert.equal(compiled.pattern.matches("else running 'init' at"), false);
  });

  it('asks nothing where the literals decide', () => {
    const compiled = compilePattern('NodeReady', plain);

    assert.ok(compiled.kind === 'ok');
    assert.equal(compiled.pattern.matches('any line'), true);
  });

  it('asks where a literal is only a part in JSON', () => {
    const compiled = compilePattern('event="NodeReady"', { inJson: true });

    assert.ok(compiled.kind === 'ok');
    assert.deepEqual(compiled.pattern.literals.map(String), ['NodeReady']);
    assert.equal(compiled.pattern.matches('event=NodeReady'), false);
    assert.equal(compiled.pattern.matches('event="NodeReady"'), true);
  });

  it('takes text that is not ASCII, as the bytes that it is in a log', () => {
    const compiled = compilePattern('größer', plain);

    assert.ok(compiled.kind === 'ok');
    assert.deepEqual(compiled.pattern.literals, [Buffer.from('größer')]);
  });

  const invalid: readonly (readonly [string, string, RegExp])[] = [
    [
      'an open parenthesis',
      'abc(def',
      /RE2's syntax, got missing closing \): 'abc\(def'|missing closing \)/,
    ],
    ['an open bracket', 'abcd[x', /got missing closing \] at character 5: '\[x'/],
    ['what RE2 does not have', 'abc(?=d)', /RE2's syntax, got .*\(\?=/],
    ['a number that is too large', 'abc(d{1000}){1000}', /RE2's syntax, got /],
    [
      'no text that every match has',
      '.*',
      /expected a text of 3 bytes or more that every match has, got none/,
    ],
    ['a text that is too short', 'ab|cdef', /got 'ab', 'cdef'/],
  ];

  for (const [what, pattern, problem] of invalid)
    it(`says what is wrong with ${what}`, () => {
      const compiled = compilePattern(pattern, plain);

      assert.ok(compiled.kind === 'invalid');
      assert.match(compiled.problem, problem);
    });

  it('takes time in proportion to the line for patterns that others hang on', () => {
    const line = `xyz${'a'.repeat(64 * 1024)}!`;
    for (const pattern of ['xyz(a+)+$', 'xyz(a|aa)+$', 'xyz(a|a?)+$', 'xyz(.*a){20}$']) {
      const compiled = compilePattern(pattern, plain);
      assert.ok(compiled.kind === 'ok');
      const beganMs = performance.now();
      assert.equal(compiled.pattern.matches(line), false);
      assert.ok(performance.now() - beganMs < 2000, pattern);
    }
  });
});
