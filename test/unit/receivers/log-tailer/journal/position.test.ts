import assert from 'node:assert/strict';
import type { FileEntry } from '../../../../../receivers/log-tailer/journal/file/file-entry.ts';
import {
  Progress,
  type Place,
  type Position,
} from '../../../../../receivers/log-tailer/journal/position.ts';

const lasting: Place = { stream: 'm/system', folder: '/var/log/journal/m' };
const volatile: Place = { stream: 'm/system', folder: '/run/log/journal/m' };

function entry(seqnum: number, more: Partial<FileEntry> = {}): FileEntry {
  return {
    seqnum,
    offset: 0,
    end: 0,
    items: [],
    surplus: 0,
    realtimeUs: seqnum * 1000,
    monotonicUs: seqnum * 10,
    bootId: 'b1',
    xorHash: BigInt(seqnum),
    fileId: 'f1',
    seqnumId: 's1',
    fields: () => [],
    ...more,
  };
}

const progressAt = (place: Place, ...entries: readonly FileEntry[]): Progress => {
  const progress = new Progress({ marks: [] });
  for (const read of entries) progress.advance(read, place);
  return progress;
};

describe('what was read of a journal', () => {
  it('is what has no greater number of its row', () => {
    const progress = progressAt(lasting, entry(5));

    assert.deepEqual(
      [4, 5, 6].map((seqnum) => progress.isNew(entry(seqnum), lasting)),
      [false, false, true],
    );
  });

  it('is of one stream, and not of another with the same numbers', () => {
    const progress = progressAt(lasting, entry(5));

    assert.ok(progress.isNew(entry(5), { ...lasting, stream: 'm/user-1000' }));
  });

  it('is none of another row of numbers in the same folder, whatever its times', () => {
    const progress = progressAt(lasting, entry(5));

    assert.ok(progress.isNew(entry(1, { seqnumId: 's2', fileId: 'f2' }), lasting));
  });

  it('is what was copied to another folder, up to the last of several of the same time', () => {
    const same = { monotonicUs: 50, realtimeUs: 500 };
    const read = [1, 2, 3].map((seqnum) => entry(seqnum, same));
    const progress = progressAt(volatile, ...read);

    const copies = [1, 2, 3, 4].map((seqnum) =>
      entry(seqnum, { ...same, fileId: 'f2', seqnumId: 's2', seqnum: seqnum + 100 }),
    );

    assert.deepEqual(
      copies.map((copy) => progress.isNew(copy, lasting)),
      [false, false, false, true],
    );
  });

  it('is nothing of another boot in another folder', () => {
    const progress = progressAt(volatile, entry(5));

    assert.ok(progress.isNew(entry(1, { fileId: 'f2', seqnumId: 's2', bootId: 'b2' }), lasting));
  });

  it('is the same once it was written as JSON and read again', () => {
    const progress = progressAt(
      lasting,
      entry(5, { xorHash: 0xfedcba9876543210n }),
      entry(9, { seqnumId: 's2' }),
    );

    const again = JSON.parse(JSON.stringify(progress.position())) as Position;

    assert.deepEqual(new Progress(again).position(), progress.position());
    assert.equal(again.marks[0]?.xorHash, 'fedcba9876543210');
  });

  it('is kept for rows of numbers that files have, and for the last of each stream', () => {
    const rows = ['s1', 's2', 's3', 's4'];
    const progress = progressAt(lasting, ...rows.map((seqnumId) => entry(5, { seqnumId })));

    progress.keepOnly(new Set(['s2']));

    assert.deepEqual(
      progress.position().marks.map(({ seqnumId }) => seqnumId),
      ['s2', 's4'],
    );
  });
});
