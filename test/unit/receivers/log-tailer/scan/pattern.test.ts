import assert from 'node:assert/strict';
import {
  expression,
  expressionProblem,
} from '../../../../../receivers/log-tailer/scan/expression.ts';
import {
  compilePattern,
  needsExpression,
} from '../../../../../receivers/log-tailer/scan/pattern.ts';

const plain = { inJson: false, expression };

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
    const compiled = compilePattern('event="NodeReady"', { inJson: true, expression });

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

  it('needs no engine for texts that follow each other', () => {
    const pattern = 'within (a|bc).*Name:[xy].* returns';
    const compiled = compilePattern(pattern, { ...plain, expression: () => assert.fail() });

    assert.equal(needsExpression(pattern), false);
    assert.ok(compiled.kind === 'ok');
    assert.equal(compiled.pattern.matches('within bc Name:z Name:y returns'), true);
    assert.equal(compiled.pattern.matches('Name:y within bc returns'), false);
    assert.equal(compiled.pattern.matches('within bc Name:y return'), false);
  });

  it('needs one for more than that', () => {
    for (const pattern of ['^abc', String.raw`abc\d+`, 'abc[^d]', 'a(bc.*d|e)'])
      assert.equal(needsExpression(pattern), true);
  });

  const textless: readonly (readonly [string, string, RegExp])[] = [
    ['has none', '.*', /expected a text of 3 bytes or more that every match has, got none/],
    ['has one that is too short', 'ab|cdef', /got "ab", "cdef"/],
    ['has one beyond a line', String.raw`abc\ndef`, /got "abc\\ndef"/],
  ];

  for (const [what, pattern, problem] of textless)
    it(`refuses a pattern that ${what}`, () => {
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

describe('expressionProblem()', () => {
  const invalid: readonly (readonly [string, string, RegExp])[] = [
    ['an open parenthesis', 'abc(def', /RE2's syntax, got missing closing \)/],
    ['an open bracket', 'abcd[x', /got missing closing \] at character 5: "\[x"/],
    ['what RE2 does not have', 'abc(?=d)', /got .*"\(\?=/],
    ['a number that is too large', 'abc(d{1000}){1000}', /RE2's syntax, got /],
  ];

  for (const [what, pattern, problem] of invalid)
    it(`says what is wrong with ${what}`, () => {
      assert.match(expressionProblem(pattern) ?? '', problem);
    });

  it('has nothing to say of a sound one', () => {
    assert.equal(expressionProblem(String.raw`a\d+(b|c)?$`), undefined);
  });
});
