import assert from 'node:assert/strict';
import { noCounts } from '../../../../../../receivers/log-tailer/journal/counts.ts';
import type { FileEntry } from '../../../../../../receivers/log-tailer/journal/file/file-entry.ts';
import {
  bytesSource,
  fixture,
  fixtureNames,
  fixtureSamples,
} from '../../../../../support/journal/fixtures.ts';
import { entriesOf, journalOf } from '../../../../../support/journal/read-all.ts';
import { samples, type Sample } from '../../../../../support/journal/samples.ts';

const windowSizes = [64, 4096, 32 * 1024];

describe('a journal of each form and compression', () => {
  for (const name of fixtureNames)
    for (const windowBytes of windowSizes)
      it(`reads as it was written: ${name}, by ${windowBytes} bytes at a time`, () => {
        const counts = noCounts();
        const file = journalOf(bytesSource(fixture(name)), {
          counts,
          windows: { windowBytes, windows: 4 },
        });

        const read = [...entriesOf(file)].map(comparable);
        file.close();

        assert.deepEqual(read, samples(fixtureSamples).map(comparable));
        assert.deepEqual(counts, noCounts());
      });

  for (const name of fixtureNames)
    it(`gives the entries that have a field, by the file's own index: ${name}`, () => {
      const fields = ['_TRANSPORT=kernel', 'STACK=none', 'EMPTY='];
      const file = journalOf(bytesSource(fixture(name)), { fields });

      const read = [...entriesOf(file)].map(comparable);

      const expected = samples(fixtureSamples)
        .map(comparable)
        .filter(({ fields: has }) => fields.some((field) => has.includes(hex(field))));
      assert.ok(expected.length > 10, String(expected.length));
      assert.deepEqual(read, expected);
    });

  for (const name of fixtureNames)
    it(`goes to the first entry of a boot: ${name}`, () => {
      const { bootId } = samples(fixtureSamples)[25] as Sample;
      const file = journalOf(bytesSource(fixture(name)));

      file.seekField(`_BOOT_ID=${bootId}`);

      assert.equal(file.take()?.seqnum, 26);
    });

  it('goes behind its last entry where no entry is of the boot', () => {
    const file = journalOf(bytesSource(fixture('zstd-compact')));

    file.seekField(`_BOOT_ID=${'0'.repeat(32)}`);

    assert.equal(file.take(), undefined);
  });

  for (const seqnum of [0, 1, 17, 59, 60, 1000])
    it(`goes on behind number ${seqnum}`, () => {
      const file = journalOf(bytesSource(fixture('lz4-compact')));

      file.seek((entry) => entry.seqnum <= seqnum);

      assert.equal([...entriesOf(file)].length, Math.max(0, 60 - seqnum));
    });

  it('goes on behind a number with entries of some fields alone', () => {
    const file = journalOf(bytesSource(fixture('lz4-compact')), { fields: ['_TRANSPORT=kernel'] });

    file.seek((entry) => entry.seqnum <= 17);

    assert.deepEqual(
      [...entriesOf(file)].map(({ seqnum }) => seqnum),
      [21, 26, 31, 36, 41, 46, 51, 56],
    );
  });
});

const hex = (field: string): string => Buffer.from(field).toString('hex');

/** Fields in an order of their own, as their order in a file has no meaning. */
function comparable(entry: FileEntry | Sample): { times: unknown[]; fields: string[] } {
  const { realtimeUs, monotonicUs, bootId } = entry;
  const fields = typeof entry.fields === 'function' ? entry.fields() : entry.fields;
  const texts = fields.map(({ name, value }) => hex(`${name}=`) + value.toString('hex'));
  return { times: [realtimeUs, monotonicUs, bootId], fields: texts.toSorted() };
}
