import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Verdict } from '../../../../receivers/shared/mesh/matrix-report.ts';
import { lossText } from '../../../../cli/rtt/loss-text.ts';
import { sinceText } from '../../../../cli/rtt/since-text.ts';
import { inUnit, unitFor } from '../../../../cli/rtt/value-unit.ts';
import { verdictText } from '../../../../cli/rtt/verdict-text.ts';

describe('lossText()', () => {
  const cases: [number, string][] = [
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.0125, '1.3 %'],
    [0.05, '5 %'],
    [0.124, '12 %'],
    [0.996, '99.6 %'],
    [0.99999, '> 99.9 %'],
    [1, '100 %'],
  ];
  for (const [share, text] of cases) {
    it(`writes ${share} as ${text}`, () => {
      assert.equal(lossText(share), text);
    });
  }
});

describe('sinceText()', () => {
  const cases: [number, string][] = [
    [-5, '0 s'],
    [40_400, '40 s'],
    [119_000, '119 s'],
    [125_000, '2 min'],
    [3 * 3_600_000, '3 h'],
    [50 * 3_600_000, '2 days'],
  ];
  for (const [ms, text] of cases) {
    it(`writes ${ms} ms as ${text}`, () => {
      assert.equal(sinceText(ms), text);
    });
  }
});

describe('verdictText()', () => {
  const sinceMs = 1_000_000;
  const cases: { verdict: Verdict; text: string }[] = [
    {
      verdict: { kind: 'node', node: 'worker-2', loss: 0.12, sinceMs },
      text: 'worker-2 loses 12 % of probes with everybody for 40 s',
    },
    {
      verdict: { kind: 'link', from: 'a', to: 'b', loss: 1, sinceMs },
      text: 'a loses 100 % of probes to b for 40 s',
    },
    {
      verdict: { kind: 'zones', from: 'a', to: '', loss: 0.01, sinceMs },
      text: 'zone a loses 1 % of probes to zone (none) for 40 s',
    },
  ];
  for (const { verdict, text } of cases) {
    it(`says of ${verdict.kind}: ${text}`, () => {
      const shown = (name: string) => name;

      assert.equal(verdictText(verdict, { atMs: sinceMs + 40_000, shown }), text);
    });
  }
});

describe('one unit for all values', () => {
  const cases: [number, string, string][] = [
    [900e-9, 'ns', '900'],
    [183e-6, 'µs', '183'],
    [9.4e-3, 'µs', '9400'],
    [12.34e-3, 'ms', '12.3'],
    [12, 's', '12.0'],
  ];
  for (const [seconds, name, text] of cases) {
    it(`writes ${seconds} s as ${text} ${name} where nothing is longer`, () => {
      const unit = unitFor(seconds, 'µ');

      assert.equal(unit.name, name);
      assert.equal(inUnit(seconds, unit), text);
    });
  }

  it('takes no more than five columns for what is no longer than the longest', () => {
    const seconds = fc.double({ min: 1e-9, max: 9000, noNaN: true });
    fc.assert(
      fc.property(seconds, fc.double({ min: 0, max: 1, noNaN: true }), (longest, share) => {
        assert.ok(inUnit(longest * share, unitFor(longest, 'u')).length <= 5);
      }),
    );
  });
});
