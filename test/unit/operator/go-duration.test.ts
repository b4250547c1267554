import assert from 'node:assert/strict';

import { parseGoDuration } from '../../../operator/go-duration.ts';

const read: Readonly<Record<string, bigint>> = {
  '10s': 10_000_000_000n,
  '1m30s': 90_000_000_000n,
  '+1.5h': 5_400_000_000_000n,
  '.5s': 500_000_000n,
  '2.ms': 2_000_000n,
  '3us': 3000n,
  '3µs': 3000n,
  '3μs': 3000n,
  '7ns': 7n,
};

describe('parseGoDuration', () => {
  for (const [text, ns] of Object.entries(read))
    it(`reads ${text}`, () => assert.equal(parseGoDuration(text), ns));

  for (const text of ['', '10', 's', '-10s', '10 s', '1d', '10sx', '1.2.3s', '.s', '999999999h'])
    it(`does not read '${text}'`, () => assert.equal(parseGoDuration(text), undefined));
});
