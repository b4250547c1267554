import type { Exposed } from './core/exposition.ts';
import { loopProblem } from '../shared/loop-problem.ts';
import { ofNetwork } from '../shared/mesh/of-network.ts';
import type { Family } from '../shared/metrics/families.ts';
import type { OwnPlace } from './core/own-place.ts';
import type { MeasurementRecord } from './core/record.ts';
import { protocolFamilies } from './core/protocol-families.ts';
import { rttFamilies } from './core/rtt-families.ts';
import { selfFamilies } from './core/self-families.ts';
import type { TallyHead } from './core/tally-text.ts';
import type { Self } from './core/targets.ts';
import type { PeerSources } from './peer-sources.ts';
import type { Probing } from './probing.ts';
import type { Settings } from './settings.ts';

export interface ReadingsOptions {
  readonly config: Settings;
  readonly self: Self;
  readonly own: () => OwnPlace;
  readonly record: MeasurementRecord;
  readonly sources: PeerSources;
  /** Undefined before the start and after the end. */
  readonly probing: () => Probing | undefined;
  /** Targets that are not probed because another one is the same. */
  readonly leftOut: () => number;
}

/** What can be read of the pinger, by whichever way it is told. */
export interface Readings {
  /** All metrics as they are now. */
  readonly families: () => readonly Family[];
  readonly exposed: () => Exposed;
  readonly tallyHead: () => TallyHead;
  /** Why it is not alive; undefined: it is. */
  readonly problem: () => string | undefined;
  /** Why it is not ready; undefined: it is. */
  readonly notReady: () => string | undefined;
}

export function createReadings(options: ReadingsOptions): Readings {
  const { config, self, own, record, sources, probing, leftOut } = options;

  function methodOf(protocol: string): { method: string; stamps: string } {
    const found = probing()?.methods.find((each) => each.protocol === protocol);
    return { method: found?.method ?? protocol, stamps: found?.stamps ?? 'user' };
  }

  function families(): readonly Family[] {
    const state = probing()?.state();
    const { followed = 0, targets: steady = 0, underWay = 0 } = state ?? {};
    const { lateTurns = 0, responses = 0 } = state ?? {};
    const outliers = record.outliers();
    const origin = { node: self.node, ...own(), methodOf };
    const all = [
      ...rttFamilies(record.book, origin),
      ...protocolFamilies(record.book, origin),
      ...selfFamilies({
        methods: probing()?.methods ?? [],
        targets: followed,
        steady,
        leftOut: leftOut(),
        underWay,
        lateTurns,
        responses,
        configErrors: sources.configErrors(),
        outliers: outliers.all,
        outliersSuppressed: outliers.suppressed,
      }),
    ];
    return ofNetwork(all, config.network);
  }

  const problem = (): string | undefined => loopProblem(probing()?.state().sinceTurnMs ?? 0);

  return {
    families,
    exposed: () => {
      const freshMs = probing()?.state().freshMs ?? 0;
      const sinceMs = performance.now() - freshMs - config.timeout;
      const { seeds } = record.book.plan();
      return {
        seeds: () => (seeds ? record.book.pairs() : []),
        delays: { from: self.node, sinceMs, protocols: config.protocols },
        families: families(),
      };
    },
    tallyHead: () => {
      const { full = true, convicted = new Set<string>() } = probing()?.state() ?? {};
      // Among nodes it is its node, as the others name it.
      const amongPods = sources.peers().some(({ pod }) => pod !== '');
      const { namespace, pod } = amongPods ? self : { namespace: '', pod: '' };
      return {
        protocol: config.protocols[0] ?? '',
        source: { node: self.node, ...own(), namespace, pod },
        full,
        intervalMs: sources.intervalMs(),
        convicted: [...convicted].flatMap((key) => record.tally.placeOf(key) ?? []),
      };
    },
    problem,
    notReady: () => sources.problem() ?? problem(),
  };
}
