import assert from 'node:assert/strict';
import { holds, measured } from '../../../bench/figure.ts';
import { toJson, toTable } from '../../../bench/print.ts';

describe('measured', () => {
  it('takes the middle of an odd number of values, whatever their order', () => {
    assert.deepEqual(measured([9, 1, 4]), { median: 4, min: 1, max: 9, runs: 3 });
  });

  it('takes the mean of the two in the middle of an even number', () => {
    assert.equal(measured([1, 2, 10, 4]).median, 3);
  });

  it('refuses to make a figure of nothing', () => {
    assert.throws(() => measured([]), /nothing was measured/);
  });
});

describe('a benchmark', () => {
  const figure = {
    figure: 'start to first request',
    unit: 'ms',
    ours: measured([150]),
    peers: { kubectl: measured([100]) },
    goal: { atMost: 150 },
  };
  const benchmark = { name: 'prober', conditions: ['2 cores'], figures: [figure] };

  it('holds its goal at the bound itself, in the direction of the bound', () => {
    assert.equal(holds(figure), true);
    assert.equal(holds({ ...figure, goal: { atMost: 149 } }), false);
    assert.equal(holds({ ...figure, goal: { atLeast: 151 } }), false);
    assert.equal(holds({ ...figure, goal: null }), null);
  });

  it('prints the ratio to each peer', () => {
    const row = toTable(benchmark).split('\n').at(-1) ?? '';

    assert.match(row, /^start to first request +ms +150 +kubectl 100 +1\.50 +<= 150 ms +yes$/);
  });

  it('gives medians as plain numbers in JSON', () => {
    const { figures } = JSON.parse(toJson(benchmark)) as { figures: Record<string, unknown>[] };

    assert.deepEqual(
      { ...figures[0], spread: undefined },
      {
        figure: 'start to first request',
        unit: 'ms',
        ours: 150,
        peers: { kubectl: 100 },
        goal: '<= 150 ms',
        holds: true,
        spread: undefined,
      },
    );
  });
});
