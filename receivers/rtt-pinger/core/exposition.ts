import { familyText } from '../../shared/metrics/exposition.ts';
import type { Family } from '../../shared/metrics/families.ts';
import type { TextFormat } from '../../shared/metrics/text-format.ts';
import type { Pair } from './pair.ts';
import { interpodText, ownDelayText, type DelayRules } from './seed-series.ts';

/** Everything that /metrics shows. */
export interface Exposed {
  /** Pairs with the series of the network prober and the node monitors. */
  readonly seeds: () => Iterable<Pair>;
  readonly delays: DelayRules;
  readonly families: readonly Family[];
}

/** All of it as text, in pieces of one series each, so that whoever writes them may pause; a piece may be empty. */
export function* exposition(
  { seeds, delays, families }: Exposed,
  format: TextFormat,
): Generator<string> {
  yield* interpodText(seeds(), format);
  yield* ownDelayText(seeds(), delays, format);
  for (const family of families) yield* familyText(family, format);
  yield format.end;
}
