import assert from 'node:assert/strict';
import { compareEntries } from '../../../../../receivers/log-tailer/journal/order.ts';

const entry = {
  seqnumId: 'a',
  seqnum: 5,
  bootId: 'x',
  monotonicUs: 50,
  realtimeUs: 500,
  xorHash: 9n,
};
const other = { ...entry, seqnumId: 'b' };

describe('the order of entries of several files', () => {
  const later = {
    'by number within a row of numbers, whatever the clocks': [
      entry,
      { ...entry, seqnum: 6, monotonicUs: 1, realtimeUs: 1 },
    ],
    'by time since the boot where rows differ, whatever the other clock': [
      entry,
      { ...other, seqnum: 1, monotonicUs: 51, realtimeUs: 1 },
    ],
    'by the clock where boots differ': [
      entry,
      { ...other, bootId: 'y', monotonicUs: 1, realtimeUs: 501 },
    ],
    'by what they say where all times are the same': [entry, { ...other, xorHash: 10n }],
  } as const;
  for (const [title, [first, second]] of Object.entries(later))
    it(`goes ${title}`, () => {
      assert.ok(compareEntries(first, second) < 0);
      assert.ok(compareEntries(second, first) > 0);
    });

  it('finds the same entry in two files', () => {
    assert.equal(compareEntries(entry, { ...other, seqnum: 77 }), 0);
  });
});
