import assert from 'node:assert/strict';
import {
  containerLine,
  unescaped,
} from '../../../../../receivers/log-tailer/clock/container-line.ts';

function read(text: string) {
  const line = Buffer.from(text);
  const found = containerLine(line);
  return found && { ...found, text: line.toString('utf8', found.begin, found.end) };
}

const unixNs = BigInt(Date.parse('2022-11-28T02:59:22Z')) * 1_000_000n + 101379451n;
const stamp = { kind: 'instant', unixNs, precisionNs: 1 };

describe('containerLine()', () => {
  it('reads what a runtime of CRI writes', () => {
    const found = read('2022-11-28T02:59:22.101379451Z stdout F {"msg":"copied"}');

    assert.deepEqual(found, {
      form: 'cri',
      stamp,
      stream: 'stdout',
      partial: false,
      begin: 40,
      end: 56,
      text: '{"msg":"copied"}',
    });
  });

  it('reads a line without a text', () => {
    assert.equal(read('2022-11-28T02:59:22.101379451Z stderr F ')?.text, '');
  });

  it('tells a part by its tags', () => {
    assert.equal(read('2022-11-28T02:59:22.101379451Z stderr P text')?.partial, true);
    assert.equal(read('2022-11-28T02:59:22.101379451Z stderr P:more text')?.partial, true);
    assert.equal(read('2022-11-28T02:59:22.101379451Z stderr F:more text')?.partial, false);
  });

  it('reads what Docker writes', () => {
    const found = read(
      String.raw`{"log":"say \"a\u003cb\"\n","stream":"stderr","time":"2022-11-28T02:59:22.101379451Z"}`,
    );

    assert.deepEqual(
      { ...found, begin: 0, end: 0 },
      {
        form: 'json-file',
        stamp,
        stream: 'stderr',
        partial: false,
        begin: 0,
        end: 0,
        text: String.raw`say \"a\u003cb\"\n`,
      },
    );
  });

  it('reads what Docker writes with attributes', () => {
    const line =
      '{"log":"x\\n","stream":"stdout","attrs":{"a":"b"},"time":"2022-11-28T02:59:22.101379451Z"}';

    assert.deepEqual(read(line)?.stamp, stamp);
  });

  const neither = [
    '',
    'Nov 28 02:59:07 host kernel: x',
    '2022-11-28T02:59:22.1Z',
    '2022-11-28T02:59:22.1Z stdout',
    '2022-11-28T02:59:22.1Z stdin F x',
    '2022-11-28 02:59:22 - util.py[DEBUG]: x y',
    '{"level":"info"}',
    '{"log":"x","stream":"stdout"',
    '{"log":"x","stream":"stdout","time":"yesterday"}',
    '{"time":"2022-11-28T02:59:22Z","log":"x"}',
  ];

  for (const line of neither)
    it(`takes ${JSON.stringify(line)} for neither`, () => {
      assert.equal(read(line), undefined);
    });
});

describe('unescaped()', () => {
  it('gives the text as it was written, without its newline', () => {
    const line = Buffer.from(
      String.raw`{"log":"say \"a\u003cb\"\n","stream":"stderr","time":"2022-11-28T02:59:22Z"}`,
    );
    const found = containerLine(line);

    assert.equal(found && unescaped(line, found), 'say "a<b"');
  });

  it('gives nothing of what is no JSON', () => {
    const line = Buffer.from(
      String.raw`{"log":"a\q\n","stream":"stderr","time":"2022-11-28T02:59:22Z"}`,
    );
    const found = containerLine(line);

    assert.equal(found && unescaped(line, found), undefined);
  });
});
