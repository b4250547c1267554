import assert from 'node:assert/strict';

import {
  createFingerprint,
  fingerprintOf,
} from '../../../../../receivers/rtt-pinger/core/fingerprint.ts';

function of(...texts: readonly string[]): string {
  const fingerprint = createFingerprint();
  for (const text of texts) fingerprint.add(text);
  return fingerprint.read();
}

describe('a fingerprint', () => {
  it('is the same for the same texts, at every node and in every version', () => {
    assert.equal(fingerprintOf('node-1'), of('node-1'));
    assert.equal(fingerprintOf('node-1'), '7c36f3a5e787928d');
  });

  it('is another one in another order, and where texts end elsewhere', () => {
    const all = [of('ab', 'c'), of('a', 'bc'), of('c', 'ab'), of('abc'), of('ab', 'c', ''), of()];

    assert.equal(new Set(all).size, all.length);
  });

  it('tells a million names apart', function () {
    this.timeout(30_000);
    const seen = new Set<string>();
    for (let index = 0; index < 1e6; index++) seen.add(fingerprintOf(`node-${index}`));

    assert.equal(seen.size, 1e6);
  });

  it('has each bit set in about half of what are almost the same names', () => {
    const bits = Array.from({ length: 64 }, () => 0);
    const names = 10_000;
    for (let index = 0; index < names; index++) {
      const value = BigInt(`0x${fingerprintOf(`worker-${index}`)}`);
      for (let bit = 0; bit < 64; bit++)
        if ((value >> BigInt(bit)) & 1n) bits[bit] = (bits[bit] ?? 0) + 1;
    }

    for (const [bit, many] of bits.entries())
      assert.ok(Math.abs(many - names / 2) < 5 * Math.sqrt(names / 4), `bit ${bit}: ${many}`);
  });
});
