import assert from 'node:assert/strict';

import { decimalsOf, secondsText } from '../../../../../receivers/log-tailer/boot/decimals.ts';

describe('decimalsOf', () => {
  for (const [precisionNs, decimals] of [
    [60e9, 0],
    [1e9, 0],
    [340e6, 1],
    [1e6, 3],
    [1000, 6],
    [1, 9],
    [0, 9],
  ] as const)
    it(`is ${decimals} at a precision of ${precisionNs} ns`, () => {
      assert.equal(decimalsOf(precisionNs), decimals);
    });
});

describe('secondsText', () => {
  for (const [ns, decimals, text] of [
    [0n, 0, '0'],
    [15_101_402_000n, 6, '15.101402'],
    [1_500_000_000n, 0, '2'],
    [2_500_000_000n, 0, '2'],
    [2_500_000_001n, 0, '3'],
    [-250_000_000n, 3, '-0.250'],
    [-1n, 0, '0'],
    [5n, 9, '0.000000005'],
    [999_999_999n, 3, '1.000'],
  ] as const)
    it(`writes ${ns} ns with ${decimals} decimals as ${text}`, () => {
      assert.equal(secondsText(ns, decimals), text);
    });
});
