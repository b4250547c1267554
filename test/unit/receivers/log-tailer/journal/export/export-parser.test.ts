import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { noCounts } from '../../../../../../receivers/log-tailer/journal/counts.ts';
import type { JournalEntry } from '../../../../../../receivers/log-tailer/journal/entry.ts';
import { readExport } from '../../../../../../receivers/log-tailer/journal/export/read-export.ts';
import {
  defaultLimits,
  type Limits,
} from '../../../../../../receivers/log-tailer/journal/limits.ts';
import { exportSamples, samples } from '../../../../../support/journal/samples.ts';

const counts = noCounts();

async function read(
  pieces: readonly (string | Buffer)[],
  limits: Limits = defaultLimits,
): Promise<{ entries: JournalEntry[]; counted: typeof counts }> {
  const counted = noCounts();
  const entries: JournalEntry[] = [];
  const stream = Readable.from(pieces.map((piece) => Buffer.from(piece as string)));
  for await (const batch of readExport(stream, { limits, counts: counted })) entries.push(...batch);
  return { entries, counted };
}

const fieldsOf = (entry: JournalEntry | undefined): string[] =>
  (entry?.fields() ?? []).map(({ name, value }) => `${name}=${value.toString('latin1')}`);

const size = (bytes: number | bigint): Buffer => {
  const written = Buffer.alloc(8);
  written.writeBigUInt64LE(BigInt(bytes));
  return written;
};
const timed = '__REALTIME_TIMESTAMP=1700000000000001\n';

describe('an export of a journal', () => {
  it('reads as it was written', async () => {
    const expected = samples({ entries: 300, bootEntries: 100 });
    const exported = exportSamples(expected);
    const pieces = [exported.subarray(0, 9000), exported.subarray(9000)];

    const { entries, counted } = await read(pieces);

    assert.deepEqual(
      entries.map(({ realtimeUs, monotonicUs, bootId, fields }) => ({
        realtimeUs,
        monotonicUs,
        bootId,
        fields: fields(),
      })),
      expected,
    );
    assert.deepEqual(counted, counts);
  });

  it('may end without an empty line, and have several, and other metadata', async () => {
    const { entries, counted } = await read([
      `\n\n${timed}__CURSOR=s=1\nMESSAGE=a\n\n\n${timed}MESSAGE=b\n`,
    ]);

    assert.deepEqual(entries.map(fieldsOf), [['MESSAGE=a'], ['MESSAGE=b']]);
    assert.deepEqual(counted, counts);
  });

  it('takes the time of what was not yet in a journal from its source, and leaves out what has none', async () => {
    const { entries, counted } = await read([
      '_SOURCE_REALTIME_TIMESTAMP=17\nMESSAGE=a\n\nMESSAGE=b\n\n',
    ]);

    assert.deepEqual(
      entries.map(({ realtimeUs, monotonicUs }) => [realtimeUs, monotonicUs]),
      [[17, undefined]],
    );
    assert.equal(counted.badEntries, 1);
  });

  const leftOut: Readonly<Record<string, [(string | Buffer)[], keyof typeof counts]>> = {
    'a long text': [['LONG=', 'x'.repeat(50), '\n'], 'longFields'],
    'a long binary value': [['LONG\n', size(50), 'x\n'.repeat(25), '\n'], 'longFields'],
    'a line that never ends, but for its end': [['x'.repeat(5000), '\n'], 'longFields'],
    'a line that has no name': [['lower=x\n'], 'badFields'],
    'a binary value longer than systemd takes': [
      ['LONG\n', size(2n ** 63n), 'garbage\n'],
      'badFields',
    ],
    'what stands between a binary value and its newline': [['B\n', size(1), 'xyz\n'], 'badFields'],
  };
  for (const [title, [pieces, count]] of Object.entries(leftOut))
    it(`is read on where this is left out, and counted: ${title}`, async () => {
      const limits = { ...defaultLimits, maxFieldBytes: 40 };

      const { entries, counted } = await read(
        [timed, 'A=1\n', ...pieces, 'Z=2\n\n', `${timed}MESSAGE=b\n\n`],
        limits,
      );

      assert.deepEqual(
        entries.map((entry) => fieldsOf(entry).filter((field) => !field.startsWith('B='))),
        [['A=1', 'Z=2'], ['MESSAGE=b']],
      );
      assert.deepEqual(counted, { ...counts, [count]: 1 });
    });

  it('has no more of an entry than is allowed', async () => {
    const many = Array.from({ length: 30 }, (_, i) => `F${i}=12345\n`).join('');

    const few = await read([timed, many, '\n'], { ...defaultLimits, maxEntryFields: 10 });
    const short = await read([timed, many, '\n'], { ...defaultLimits, maxEntryBytes: 26 });

    assert.deepEqual(
      [few, short].map(({ entries }) => fieldsOf(entries[0]).length),
      [10, 5],
    );
    assert.deepEqual(
      [few, short].map(({ counted }) => counted.longFields),
      [20, 25],
    );
  });

  it('counts what it breaks off in', async () => {
    const { entries, counted } = await read([timed, 'MESSAGE=a\nBLOB\n', size(100), 'x']);

    assert.deepEqual(entries.map(fieldsOf), [['MESSAGE=a']]);
    assert.equal(counted.badFields, 1);
  });
});
