import assert from 'node:assert/strict';
import { exceeded, limitArgument } from '../../../../cli/rtt/limits.ts';
import { allLost, meshReport, withCell } from '../../../support/mesh-report.ts';

describe('limitArgument()', () => {
  it('reads a limit, and adds it to those before', () => {
    const before = limitArgument('mean=2ms');

    assert.deepEqual(limitArgument('loss=1.5%', before), [
      { of: 'mean', most: 0.002, text: 'mean=2ms' },
      { of: 'loss', most: 0.015, text: 'loss=1.5%' },
    ]);
  });

  const refused: [string, RegExp][] = [
    ['p95=2ms', /expected mean=DURATION, max=DURATION or loss=PERCENT%/],
    ['mean=2', /expected a duration such as 500ms.*got '2'/],
    ['mean', /expected a duration/],
    ['loss=1', /expected a loss from 0% to 100%, got '1'/],
    ['loss=101%', /got '101%'/],
  ];
  for (const [text, says] of refused) {
    it(`refuses ${text}`, () => {
      assert.throws(() => limitArgument(text), says);
    });
  }
});

describe('exceeded()', () => {
  const report = meshReport({ nodes: 3 });
  const ill = { ...report, pairs: withCell(report, 0, 1, allLost) };

  it('names who exceeds a limit most, and counts the others', () => {
    assert.deepEqual(exceeded(report, limitArgument('mean=0.1ms')), [
      'over mean=0.1ms: worker-3 to worker-2 117 us, and 5 more',
    ]);
    assert.deepEqual(exceeded(ill, limitArgument('loss=1%')), [
      'over loss=1%: worker-1 to worker-2 100 %',
    ]);
  });

  it('says nothing where all is within the limits', () => {
    const limits = limitArgument('loss=0%', limitArgument('max=1ms'));

    assert.deepEqual(exceeded(report, limits), []);
  });

  it('takes zones where pairs are not kept', () => {
    const rolled = { ...meshReport({ nodes: 9, zones: 2 }), pairs: [] };

    assert.deepEqual(exceeded(rolled, limitArgument('mean=0.5ms')), [
      'over mean=0.5ms: zone zone-a to zone zone-b 900 us, and 1 more',
    ]);
  });
});
