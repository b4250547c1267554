import assert from 'node:assert/strict';

import { fuzz, maxHeldBytes } from './fuzz.ts';
import { fuzzServer } from './fuzz-server.ts';

describe('mutated requests', () => {
  it('neither break the correlator nor its bounds, and most are read beyond their envelopes', () => {
    const result = fuzz(5000, 42);
    const { requests, beyondEnvelope, copies, malformed, mostHeldBytes } = result;

    assert.ok(beyondEnvelope > requests / 2, `${beyondEnvelope} of ${requests}`);
    assert.ok(copies > requests / 20, `${copies} copies`);
    assert.ok(malformed > 1000, `${malformed} malformed`);
    assert.ok(mostHeldBytes > maxHeldBytes / 2, `${mostHeldBytes} bytes held`);
    assert.ok(mostHeldBytes <= maxHeldBytes, `${mostHeldBytes} bytes held`);
    assert.deepEqual(
      { miscounted: result.miscounted, lost: result.lost, held: result.stillHeldBytes },
      { miscounted: 0, lost: 0, held: 0 },
    );
  }).timeout(30_000);

  it('are each answered by the server, which takes a sound one after them', async () => {
    const { answers, misanswered, goodOneTaken } = await fuzzServer(500, 42);

    assert.equal(misanswered, 0, JSON.stringify(answers));
    assert.ok(goodOneTaken);
    assert.ok(Math.min(...Object.values(answers)) > 0, JSON.stringify(answers));
  }).timeout(30_000);
});
