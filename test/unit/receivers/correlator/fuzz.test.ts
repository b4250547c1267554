import assert from 'node:assert/strict';

import { fuzz } from './fuzz.ts';

describe('mutated requests', () => {
  it('neither break the correlator nor its bounds, and most are read beyond their envelopes', () => {
    const { requests, beyondHeader, copies, malformed } = fuzz(10_000, 42);

    assert.ok(beyondHeader > requests / 2, `${beyondHeader} of ${requests}`);
    assert.ok(copies > 1000, `${copies} copies`);
    assert.ok(malformed > 1000, `${malformed} malformed`);
  }).timeout(30_000);
});
