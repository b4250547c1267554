import { httpPhases } from './http-phases.ts';
import { reasonsApart as pairReasons } from './pair.ts';
import { reasonsApart as rollupReasons, rollupNameOf, type RollupLevel } from './rollup.ts';
import { selfMetrics } from './self-families.ts';
import { protocols, type Protocol, type Wanted } from './target.ts';

/** Data points of kube_latency.rtt.* that a pair has at most: duration, late, loss, jitter, and probes by outcome. */
function seriesOfPair(protocol: Protocol): number {
  const outcomes = 1 + pairReasons + 2;
  return 4 + outcomes + seriesOfPhases(protocol) + seriesOfWays(protocol);
}

/** Duration, late, loss, and probes by outcome. */
function seriesOfRollup(protocol: Protocol): number {
  return 3 + 1 + rollupReasons + 2 + seriesOfPhases(protocol);
}

function seriesOfPhases(protocol: Protocol): number {
  return protocol === 'http' ? httpPhases.length : 0;
}

/** By UDP loss, jitter and delay are told of each way, and steps of the clocks of the pair. */
function seriesOfWays(protocol: Protocol): number {
  return protocol === 'udp' ? 7 : 0;
}

/** With fewer not even the pinger itself and one rollup of each protocol find room. */
export const leastSeries = protocols.reduce(
  (sum, protocol) => sum + 1 + seriesOfRollup(protocol),
  selfMetrics.length,
);

/** What has series of its own. */
export interface SeriesPlan {
  /** Every pair has, so nothing is rolled up. */
  readonly pairs: boolean;
  /** The network prober's and the node monitors' series are told. */
  readonly seeds: boolean;
  readonly level: RollupLevel;
  /** Pairs that may have some beside the rollups. */
  readonly single: number;
}

export interface SeriesRules {
  /** Data points of kube_latency.rtt.*, at most. */
  readonly series: number;
  /** Peers with the seeds' series, at most; these do not count in the budget. */
  readonly maxPairs: number;
  readonly ownZone: string;
}

/** Pairs where all of them fit; otherwise the finest rollups that do, and as many single pairs as there is room for. */
export function planSeries(targets: readonly Wanted[], rules: SeriesRules): SeriesPlan {
  const byProtocol = Map.groupBy(targets, ({ protocol }) => protocol);
  const used = new Set(byProtocol.keys());
  const room = rules.series - selfMetrics.length - used.size;
  const ofPairs = targets.reduce((sum, { protocol }) => sum + seriesOfPair(protocol), 0);
  const seeds = byProtocol.values().every(({ length }) => length <= rules.maxPairs);
  const levels = [
    { by: 'rack', ownZone: rules.ownZone },
    { by: 'zone' },
    { by: 'protocol' },
  ] as const;
  const level = levels.find((each) => costOf(targets, each) <= room) ?? { by: 'protocol' };
  const dearest = Math.max(...[...used].map(seriesOfPair), 1);
  const single = Math.max(0, Math.floor((room - costOf(targets, level)) / dearest));
  return { pairs: ofPairs <= room, seeds, level, single };
}

function costOf(targets: readonly Wanted[], level: RollupLevel): number {
  const byKey = new Map(
    targets.map((target) => [rollupNameOf(target, level).key, target.protocol] as const),
  );
  return byKey.values().reduce((sum, protocol) => sum + seriesOfRollup(protocol), 0);
}
