import assert from 'node:assert/strict';
import fc from 'fast-check';
import { visibleRange } from '../../../../cli/html/page/visible-range.ts';

describe('visibleRange', () => {
  it('has every row in view, and few that are not', () => {
    const numbers = fc.tuple(fc.nat(20_000), fc.nat(600_000), fc.nat(3000));
    fc.assert(
      fc.property(numbers, ([rows, scrolledPx, viewPx]) => {
        const { from, until } = visibleRange(rows, 26, { scrolledPx, viewPx });
        const first = Math.min(rows, Math.floor(scrolledPx / 26));
        const last = Math.min(rows, Math.ceil((scrolledPx + viewPx) / 26));

        assert.ok(from >= 0 && until <= rows && from <= until);
        assert.ok(from <= first && until >= last, `${from} to ${until}`);
        assert.ok(until - from <= viewPx / 26 + 26, `${until - from}`);
      }),
    );
  });
});
