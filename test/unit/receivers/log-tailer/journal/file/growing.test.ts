import assert from 'node:assert/strict';
import { noCounts } from '../../../../../../receivers/log-tailer/journal/counts.ts';
import { bytesSource, fixture } from '../../../../../support/journal/fixtures.ts';
import { entriesOf, journalOf } from '../../../../../support/journal/read-all.ts';

const [stateAt, fileIdAt, entriesAt] = [16, 24, 152];
const online = 1;

/** A journal that is written to, as it was when it had so many entries. */
function young(entries: number): { bytes: Buffer; grow: (entries: number) => void } {
  const bytes = fixture('zstd-compact');
  const grow = (to: number): number => bytes.writeBigUInt64LE(BigInt(to), entriesAt);
  bytes[stateAt] = online;
  grow(entries);
  return { bytes, grow };
}

/** Where the chain says where the entry of that number lies: arrays of 4, 8, 16 and so on. */
function placeOf(bytes: Buffer, seqnum: number): number {
  let array = Number(bytes.readBigUInt64LE(176));
  let before = 0;
  for (;;) {
    const items = (Number(bytes.readBigUInt64LE(array + 8)) - 24) / 4;
    if (seqnum <= before + items) return array + 24 + (seqnum - before - 1) * 4;
    before += items;
    array = Number(bytes.readBigUInt64LE(array + 16));
  }
}

describe('a journal that is written to', () => {
  for (const fields of [[], ['_TRANSPORT=kernel', '_TRANSPORT=stdout']])
    it(`gives what came once it is refreshed: ${fields.join(' ') || 'all entries'}`, () => {
      const { bytes, grow } = young(0);
      const file = journalOf(bytesSource(bytes), { fields });
      const seqnums: number[] = [];

      for (const entries of [0, 1, 4, 5, 33, 60]) {
        grow(entries);
        assert.ok(file.refresh());
        seqnums.push(...[...entriesOf(file)].map(({ seqnum }) => seqnum));
      }

      assert.deepEqual(
        seqnums,
        Array.from({ length: 60 }, (_, i) => i + 1),
      );
    });

  it('is waited for where its last place is not filled yet', () => {
    const { bytes, grow } = young(30);
    const counts = noCounts();
    const file = journalOf(bytesSource(bytes), { counts });
    const place = placeOf(bytes, 31);
    const offset = bytes.readUInt32LE(place);
    bytes.writeUInt32LE(0, place);
    grow(31);
    file.refresh();
    assert.equal([...entriesOf(file)].length, 30);

    bytes.writeUInt32LE(offset, place);
    file.refresh();

    assert.equal(file.take()?.seqnum, 31);
    assert.deepEqual(counts, noCounts());
  });

  it('is read on where a place before the last is not filled, which is counted', () => {
    const { bytes } = young(31);
    const counts = noCounts();
    const file = journalOf(bytesSource(bytes), { counts });
    bytes.writeUInt32LE(0, placeOf(bytes, 30));

    assert.equal([...entriesOf(file)].at(-1)?.seqnum, 31);
    assert.equal(counts.badEntries, 1);
  });

  it('is none any more where another file has come in its place', () => {
    const { bytes } = young(30);
    const file = journalOf(bytesSource(bytes));
    bytes.fill(7, fileIdAt, fileIdAt + 16);

    assert.equal(file.refresh(), false);
  });

  it('gives fields of some names as among all', () => {
    const file = journalOf(bytesSource(fixture('zstd-compact')));
    const names = new Set(['MESSAGE', 'STACK', '_UDEV_DEVLINK', 'NONE']);

    let found = 0;
    for (const entry of entriesOf(file)) {
      const some = entry.fields(names);
      const expected = entry.fields().filter(({ name }) => names.has(name));
      found += some.length;
      assert.deepEqual(
        some.toSorted((a, b) => a.name.localeCompare(b.name)),
        expected.toSorted((a, b) => a.name.localeCompare(b.name)),
      );
    }

    assert.ok(found > 70, String(found));
  });
});
