import assert from 'node:assert/strict';

import { createHarness, probePod } from './harness.ts';
import { mutatedRequest, seeded } from './mutate.ts';

export interface FuzzResult {
  readonly requests: number;
  /** Requests of which at least one span was read to its end. */
  readonly beyondHeader: number;
  readonly spans: number;
  readonly copies: number;
  readonly malformed: number;
  readonly mostHeldBytes: number;
}

const maxHeldBytes = 4 * 1024 * 1024;

/**
 * Feeds mutated requests to the correlator while pods come and go and time passes. Throws where a request
 * makes it throw, a bound is passed, a span is lost from the counts, or what comes out cannot be decoded.
 */
export function fuzz(requests: number, seed: number): FuzzResult {
  const random = seeded(seed);
  const harness = createHarness({ maxHeldBytes, maxTraces: 200, maxIds: 100, waitMs: 20_000 });
  const { counts } = harness;
  let [beyondHeader, copies, mostHeldBytes] = [0, 0, 0];
  for (let n = 0; n < requests; n++) {
    const [receivedBefore, unread] = [counts.received, unreadable(counts.dropped)];
    const pod = probePod(['p1', 'p2'][n % 2] ?? '');
    if (n % 997 === 0) harness.see(pod);
    if (n % 4999 === 0) harness.gone(pod);
    harness.receiveBytes(mutatedRequest(random));
    if (counts.received - receivedBefore > unreadable(counts.dropped) - unread) beyondHeader++;
    mostHeldBytes = Math.max(mostHeldBytes, counts.heldBytes);
    if (n % 100 === 0) harness.pass(50);
    copies += harness.copies().length;
  }
  harness.finish();
  copies += harness.copies().length;
  const dropped = Object.values(counts.dropped).reduce((sum, count) => sum + count, 0);
  assert.equal(counts.stitched + dropped, counts.received);
  assert.equal(copies, counts.stitched);
  assert.ok(mostHeldBytes <= maxHeldBytes);
  assert.deepEqual([counts.heldBytes, counts.waitingSpans], [0, 0]);
  const malformed = unreadable(counts.dropped) + counts.malformedRequests;
  return { requests, beyondHeader, spans: counts.received, copies, malformed, mostHeldBytes };
}

function unreadable(dropped: Readonly<Record<string, number>>): number {
  const reasons = [
    'truncated',
    'wrong_wire_type',
    'bad_id',
    'repeated_field',
    'bad_attribute',
    'span_too_large',
  ];
  return reasons.reduce((sum, reason) => sum + (dropped[reason] ?? 0), 0);
}
