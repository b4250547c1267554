import type { NodeDelay } from '../../shared/mesh/node-delay.ts';
import { stretchMs } from '../../shared/mesh/tally-limits.ts';
import { sumSince } from './cell.ts';
import type { MeshBook } from './mesh-book.ts';

/** A round trip is the current one for so long after the end of its stretch: three more may come, and be fetched. Or for three intervals. */
const freshMs = 4 * stretchMs;

/** The last round trip of each ordered pair of nodes; a pair whose last success is too old has none. */
export function* nodeDelays(book: MeshBook, nowMs: number): Generator<NodeDelay> {
  // By a plan a pair has its turn once in a while.
  const slots = book.slots();
  const since = slots.oldest(nowMs, book.full() ? slots.freshMs(freshMs) : slots.windowMs);
  const { roster } = book;
  for (const { from, to, cell } of book.pairs()) {
    const { lastS } = sumSince(cell, since);
    const [source, destination] = [roster.at(from), roster.at(to)];
    if (lastS === undefined || source === undefined || destination === undefined) continue;
    // Nanoseconds are what was measured; the rest is how doubles are.
    yield { from: source.name, to: destination.name, ms: Math.round(lastS * 1e9) / 1e6 };
  }
}
