import type { Counts, DropReason } from '../../../../../receivers/correlator/core/counts.ts';
import { createHarness, probePod } from '../harness.ts';
import { decodeRequest } from '../otlp.ts';
import { mutatedRequest } from './mutated-request.ts';
import { seeded } from './random.ts';

export interface FuzzResult {
  readonly requests: number;
  /** Requests of which at least one span was read to its end. */
  readonly beyondEnvelope: number;
  readonly spans: number;
  readonly copies: number;
  /** Spans and requests that were counted as not readable. */
  readonly malformed: number;
  /** Requests that were taken for sound, in which another codec finds an error or another number of spans. */
  readonly miscounted: number;
  /** Spans that are neither stitched nor dropped, and copies that were counted and did not come out. */
  readonly lost: number;
  readonly mostHeldBytes: number;
  /** When all is done. */
  readonly stillHeldBytes: number;
}

/** More waits than this allows, so that room has to be made. */
export const maxHeldBytes = 1024 * 1024;

/**
 * Feeds mutated requests to the correlator while pods come and go and time passes. Throws where a request makes it
 * throw, or a copy comes out that cannot be decoded.
 */
export function fuzz(requests: number, seed: number): FuzzResult {
  const random = seeded(seed);
  const harness = createHarness({ maxHeldBytes, maxTraces: 200, maxIds: 100, waitMs: 20_000 });
  const { counts } = harness;
  let [beyondEnvelope, copies, miscounted, mostHeldBytes] = [0, 0, 0, 0];
  for (let n = 0; n < requests; n++) {
    const pod = probePod(['p1', 'p2'][n % 2] ?? '');
    if (n % 997 === 0) harness.see(pod);
    if (n % 4999 === 0) harness.gone(pod);
    const [before, bytes] = [tally(counts), mutatedRequest(random)];
    harness.receiveBytes(bytes);
    const after = tally(counts);
    const errors = after.errors - before.errors;
    const unwanted = after.unwanted - before.unwanted;
    const spans = after.spans - before.spans;
    if (spans > after.badSpans - before.badSpans + unwanted) beyondEnvelope++;
    if (errors === 0 && unwanted === 0 && spans !== spansIn(bytes)) miscounted++;
    mostHeldBytes = Math.max(mostHeldBytes, counts.heldBytes);
    if (n % 100 === 0) harness.pass(50);
    copies += harness.copies().length;
  }
  harness.finish();
  copies += harness.copies().length;
  const dropped = Object.values(counts.dropped).reduce((sum, count) => sum + count, 0);
  return {
    requests,
    beyondEnvelope,
    spans: counts.received,
    copies,
    malformed: tally(counts).errors,
    miscounted,
    lost:
      Math.abs(counts.received - counts.stitched - dropped) + Math.abs(counts.stitched - copies),
    mostHeldBytes,
    stillHeldBytes: counts.heldBytes,
  };
}

const unreadable: readonly DropReason[] = [
  'truncated',
  'wrong_wire_type',
  'bad_id',
  'repeated_field',
  'bad_attribute',
  'span_too_large',
];

/** How much was counted so far. Of unwanted services no span is read, whatever is in it. */
function tally({ received, dropped, malformedRequests }: Counts): {
  readonly spans: number;
  readonly unwanted: number;
  readonly badSpans: number;
  readonly errors: number;
} {
  const badSpans = unreadable.reduce((sum, reason) => sum + dropped[reason], 0);
  const unwanted = dropped.unknown_service;
  return { spans: received, unwanted, badSpans, errors: badSpans + malformedRequests };
}

/** What another codec finds; undefined where it finds an error. */
function spansIn(request: Buffer): number | undefined {
  try {
    return decodeRequest(request).length;
  } catch {
    return undefined;
  }
}
