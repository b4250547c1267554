import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  createLiteralScanner,
  longestLineBytes,
  type LiteralScanner,
} from '../../../../../receivers/log-tailer/scan/literal-scanner.ts';

const bufferBytes = 256 * 1024;

interface Found {
  readonly line: string;
  readonly literals: readonly number[];
}

function find(scanner: LiteralScanner, text: Buffer): Found[] {
  const found: Found[] = [];
  scanner.scan(0, text, (begin, end, literals) => {
    found.push({
      line: text.toString('latin1', begin, end),
      literals: literals.toSorted((a, b) => a - b),
    });
    return true;
  });
  return found;
}

function inBuffer({ buffer }: LiteralScanner, text: Buffer): Buffer {
  text.copy(buffer);
  return buffer.subarray(0, text.length);
}

/** The same by the simplest means. */
function expected(literals: readonly Buffer[], text: Buffer): Found[] {
  return text
    .toString('latin1')
    .split('\n')
    .flatMap((line) => {
      const numbers = literals.flatMap((literal, number) =>
        line.slice(0, longestLineBytes).includes(literal.toString('latin1')) ? [number] : [],
      );
      return numbers.length === 0 ? [] : [{ line, literals: numbers }];
    });
}

describe('createLiteralScanner()', () => {
  it('finds the same lines and literals as a search line by line, in its buffer and copied', () => {
    const letters = fc.constantFrom(0x61, 0x62, 0x63, 0xe2, 0x0a, 0x20);
    const literal = fc
      .array(
        letters.filter((byte) => byte !== 0x0a),
        { minLength: 3, maxLength: 6 },
      )
      .map((bytes) => Buffer.from(bytes));
    const text = fc.array(letters, { maxLength: 400 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(
        fc.uniqueArray(literal, { minLength: 1, maxLength: 40, selector: String }),
        text,
        (literals, log) => {
          const scanner = createLiteralScanner({ sets: [literals], bufferBytes });
          const wanted = expected(literals, log);

          assert.deepEqual(find(scanner, inBuffer(scanner, log)), wanted);
          assert.deepEqual(find(scanner, log), wanted);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds a literal at the very begin and the very end of a text', () => {
    const scanner = createLiteralScanner({ sets: [[Buffer.from('abc')]], bufferBytes });

    for (let length = 3; length < 70; length++) {
      const text = Buffer.from(`abc${'.'.repeat(length)}abc`);
      assert.deepEqual(find(scanner, inBuffer(scanner, text)), [
        { line: text.toString(), literals: [0] },
      ]);
    }
  });

  it('reads nothing beyond the text', () => {
    const scanner = createLiteralScanner({ sets: [[Buffer.from('abcdef')]], bufferBytes });
    inBuffer(scanner, Buffer.from('xxabcdef'));

    assert.deepEqual(find(scanner, scanner.buffer.subarray(0, 7)), []);
    assert.deepEqual(find(scanner, scanner.buffer.subarray(3, 8)), []);
  });

  it('goes on where there are more hits than it holds', () => {
    const literals = ['aaa', 'bbb', 'ccc'].map((text) => Buffer.from(text));
    const scanner = createLiteralScanner({ sets: [literals], bufferBytes });
    const text = Buffer.from('aaa bbb ccc aaa\n'.repeat(5000));

    const found = find(scanner, inBuffer(scanner, text));

    assert.equal(found.length, 5000);
    assert.ok(found.every(({ literals: numbers }) => numbers.join() === '0,1,2'));
  });

  it('looks at the first 64 KiB of a line', () => {
    const scanner = createLiteralScanner({ sets: [[Buffer.from('abc')]], bufferBytes });
    const early = Buffer.from(`${'x'.repeat(longestLineBytes - 3)}abc${'x'.repeat(9)}\nabc\n`);
    const late = Buffer.from(`${'x'.repeat(longestLineBytes)}abc\nabc\n`);

    for (const at of [inBuffer(scanner, early), early]) assert.equal(find(scanner, at).length, 2);
    for (const at of [inBuffer(scanner, late), late]) assert.equal(find(scanner, at).length, 1);
  });

  it('ends after the line at which it is told to', () => {
    const scanner = createLiteralScanner({ sets: [[Buffer.from('abc')]], bufferBytes });
    const text = Buffer.from('one\nabc two\nabc three\n');

    for (const at of [inBuffer(scanner, text), text])
      assert.equal(
        scanner.scan(0, at, () => false),
        'one\nabc two\n'.length,
      );
  });

  it('keeps sets apart', () => {
    const sets = [[Buffer.from('abc')], [Buffer.from('xyz')]];
    const scanner = createLiteralScanner({ sets, bufferBytes });
    const lines: number[] = [];

    scanner.scan(1, Buffer.from('abc\nxyz\n'), (begin) => lines.push(begin) > 0);

    assert.deepEqual(lines, [4]);
  });

  it('takes text of any bytes and length', () => {
    const scanner = createLiteralScanner({
      sets: [[Buffer.from('\u0000\u0001\u0002')]],
      bufferBytes,
    });

    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        const text = Buffer.from(bytes);
        assert.equal(
          scanner.scan(0, inBuffer(scanner, text), () => true),
          text.length,
        );
      }),
    );
  });
});
