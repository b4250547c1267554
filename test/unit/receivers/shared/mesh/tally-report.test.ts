import assert from 'node:assert/strict';

import { stretchesKept } from '../../../../../receivers/shared/mesh/tally-limits.ts';
import { tallyColumns, tallyReport } from '../../../../../receivers/shared/mesh/tally-report.ts';
import { place, report, row, type Row } from '../../rtt-aggregator/tally.ts';

describe('tallyReport', () => {
  const withRow = (rows: unknown[]) => ({
    ...report(place('a')),
    stretches: [{ number: 1, rows }],
  });

  it('takes rows of exactly its columns', () => {
    const sound: Row = row(0, 5, 1);

    assert.equal(sound.length, tallyColumns.length);
    assert.ok(tallyReport.safeParse(withRow([sound])).success);
    for (const wrong of [sound.slice(1), [...sound, 0]])
      assert.ok(!tallyReport.safeParse(withRow([wrong])).success);
  });

  it('takes no more stretches than are kept, and no negative counts', () => {
    const stretches = Array.from({ length: stretchesKept + 1 }, (_, number) => ({
      number,
      rows: [],
    }));

    assert.ok(tallyReport.safeParse(report(place('a'), { stretches: stretches.slice(1) })).success);
    assert.ok(!tallyReport.safeParse(report(place('a'), { stretches })).success);
    assert.ok(!tallyReport.safeParse(withRow([row(0, -1, 0)])).success);
  });
});
