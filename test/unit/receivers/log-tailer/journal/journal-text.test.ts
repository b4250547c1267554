import assert from 'node:assert/strict';
import type { JournalEntry } from '../../../../../receivers/log-tailer/journal/entry.ts';
import { JournalText } from '../../../../../receivers/log-tailer/journal/journal-text.ts';

const baseUs = Date.UTC(2026, 11, 31, 23, 59, 59) * 1000;

const entry = (realtimeUs: number, fields: Readonly<Record<string, string>>): JournalEntry => ({
  realtimeUs,
  monotonicUs: 1,
  bootId: 'b',
  fields: () =>
    Object.entries(fields).map(([name, value]) => ({ name, value: Buffer.from(value) })),
});

const said = (MESSAGE: string, more: Readonly<Record<string, string>> = {}): JournalEntry =>
  entry(baseUs + 123, {
    _HOSTNAME: 'node-1',
    SYSLOG_IDENTIFIER: 'kubelet',
    _PID: '7',
    MESSAGE,
    ...more,
  });

function textOf(entries: readonly JournalEntry[]): string {
  let text = '';
  for (const { bytes } of new JournalText('journal', '/var/log/journal').chunksOf(entries))
    text += bytes.toString();
  return text;
}

describe('the text of a journal', () => {
  const cases: Readonly<Record<string, [JournalEntry, string]>> = {
    'an entry of a service': [
      said('Started'),
      '2026-12-31T23:59:59.000123+00:00 node-1 kubelet[7]: Started\n',
    ],
    'one of the kernel': [
      entry(baseUs + 1_000_000, { SYSLOG_IDENTIFIER: 'kernel', MESSAGE: 'Linux version 6' }),
      '2027-01-01T00:00:00.000000+00:00 localhost kernel: Linux version 6\n',
    ],
    'one without an identifier': [
      entry(baseUs, { _COMM: 'sshd', SYSLOG_PID: '3', MESSAGE: 'x' }),
      '2026-12-31T23:59:59.000000+00:00 localhost sshd[3]: x\n',
    ],
    'several lines, each with its head': [
      said('one\ntwo\n'),
      '2026-12-31T23:59:59.000123+00:00 node-1 kubelet[7]: one\n2026-12-31T23:59:59.000123+00:00 node-1 kubelet[7]: two\n',
    ],
    'an empty message': [said(''), '2026-12-31T23:59:59.000123+00:00 node-1 kubelet[7]: \n'],
    'one that says nothing': [entry(baseUs, { _HOSTNAME: 'x' }), ''],
    'an identifier that would be two lines': [
      said('x', { SYSLOG_IDENTIFIER: 'a\nb' }),
      '2026-12-31T23:59:59.000123+00:00 node-1 a b[7]: x\n',
    ],
  };
  for (const [title, [made, expected]] of Object.entries(cases))
    it(`is of lines: ${title}`, () => {
      assert.equal(textOf([made]), expected);
    });

  it('tells of each of its bytes which entry it is of', () => {
    const entries = [said('one'), entry(baseUs, {}), said('two\nthree'), said('four')];

    const [chunk] = new JournalText('journal', '/').chunksOf(entries);

    assert.ok(chunk);
    const { bytes, entryAt } = chunk;
    const of = (text: string): number =>
      entries.indexOf(entryAt(bytes.indexOf(text)) as JournalEntry);
    assert.deepEqual([of('one'), of('two'), of('three'), of('four')], [0, 2, 2, 3]);
    assert.equal(entryAt(bytes.length - 1), entries[3]);
    assert.equal(entryAt(0), entries[0]);
  });

  it('is cut into chunks of whole lines, however many an entry has, that follow each other', () => {
    const text = new JournalText('journal', '/var/log/journal');
    const many = said('line\n'.repeat(20_000));
    const all = textOf([many, said('x'.repeat(600_000)), said('end')]);

    let offset = 0;
    let joined = '';
    let chunks = 0;
    for (const chunk of text.chunksOf([many, said('x'.repeat(600_000)), said('end')])) {
      assert.deepEqual(
        [chunk.log, chunk.path, chunk.offset],
        ['journal', '/var/log/journal', offset],
      );
      assert.equal(chunk.bytes.at(-1), 10);
      assert.ok(chunk.bytes.length < 800_000, String(chunk.bytes.length));
      offset += chunk.bytes.length;
      joined += chunk.bytes.toString();
      chunks += 1;
    }

    assert.ok(chunks > 5, String(chunks));
    assert.ok(joined === all);
    assert.equal(joined.split('\n').length, 20_000 + 1 + 1 + 1);
  });
});
