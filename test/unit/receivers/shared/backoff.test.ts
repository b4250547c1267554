import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { backoffMs } from '../../../../receivers/shared/backoff.ts';

describe('backoffMs', () => {
  it('stays between zero and the smaller of the cap and the doubled base', () => {
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.nat(2000),
        fc.integer({ min: 1, max: 1e6 }),
        fc.nat(100),
        unit,
        (baseMs, capMs, attempt, random) => {
          const waitMs = backoffMs({ baseMs, capMs }, attempt, () => random);

          assert.ok(waitMs >= 0 && waitMs <= capMs && waitMs <= baseMs * 2 ** attempt);
        },
      ),
    );
  });

  it('doubles its upper bound until the cap', () => {
    const bounds = [0, 1, 2, 3, 4].map((attempt) =>
      backoffMs({ baseMs: 100, capMs: 500 }, attempt, () => 1),
    );

    assert.deepEqual(bounds, [100, 200, 400, 500, 500]);
  });
});
