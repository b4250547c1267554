import { stretchMs } from '../../shared/mesh/tally-limits.ts';
import type { Roster } from './roster.ts';

/** Three stretches, and the time in which each is fetched. */
const silentAfterMs = 4 * stretchMs;

/** Names of nodes that are there, since a while, and whose pinger was not heard for as long, in alphabetical order. */
export function silentNodes(
  roster: Roster,
  nowMs: number,
  /** A node that nobody named for so long is not there any more. */
  namedWithinMs = silentAfterMs,
): readonly string[] {
  const since = nowMs - silentAfterMs;
  const namedSince = nowMs - Math.max(namedWithinMs, silentAfterMs);
  return [...roster.members()]
    .filter(
      ([, { heardMs, sinceMs, namedMs }]) =>
        heardMs < since && sinceMs < since && namedMs >= namedSince,
    )
    .map(([, { name }]) => name)
    .toSorted();
}
