import type { Exemplar } from '../../shared/metrics/exemplar.ts';
import { rotate } from './loss.ts';
import { outlierOf, type Outlier } from './outlier.ts';
import { addSample, createPair, rotatePair, show, type Pair } from './pair.ts';
import { addToRollup, createRollup, rollupNameOf, type Rollup } from './rollup.ts';
import type { Sample } from './sample.ts';
import type { SeriesPlan } from './series-budget.ts';
import type { Wanted } from './target.ts';

/** Everything measured, by pair while there is room for their series, by zone always. */
export interface Book {
  /**
   * Adds a sample to its pair and its rollup, and says whether it is an outlier beside those before it. `sound`: its time may
   * be told. A sample of a target that is not followed is left out.
   */
  readonly add: (sample: Sample, sound: boolean) => Outlier | undefined;
  /** The span of an outlier that was added. */
  readonly exemplify: (sample: Sample, exemplar: Exemplar) => void;
  /** The targets that are: pairs and rollups of others end, new ones begin with nothing. */
  readonly follow: (targets: readonly Wanted[], plan: SeriesPlan) => void;
  readonly pairs: () => Iterable<Pair>;
  /** Pairs that have series of their own also while not all have. Others lose theirs. */
  readonly single: (wanted: ReadonlySet<string>) => void;
  /** The pairs that have series of their own now. */
  readonly shown: () => Iterable<Pair>;
  /** What stands in for the others; nothing where all have series of their own. */
  readonly rollups: () => Iterable<Rollup>;
  /** Begins a new stretch of time for the losses. */
  readonly rotate: () => void;
  readonly plan: () => SeriesPlan;
}

interface Kept {
  readonly pair: Pair;
  rollup: Rollup;
}

const nothingYet: SeriesPlan = {
  pairs: true,
  seeds: true,
  level: { by: 'zone' },
  single: 0,
};

/** `nowMs` is the monotonic clock. */
export function createBook({ nowMs }: { readonly nowMs: () => number }): Book {
  const kept = new Map<string, Kept>();
  let rollups = new Map<string, Rollup>();
  let plan = nothingYet;
  let singled: ReadonlySet<string> = new Set();

  function keep(target: Wanted, rollup: Rollup): void {
    const known = kept.get(target.key);
    if (known !== undefined) known.rollup = rollup;
    else kept.set(target.key, { pair: createPair(target), rollup });
  }

  function showPair(key: string): void {
    const pair = kept.get(key)?.pair;
    if (pair !== undefined) show(pair, { own: plan.pairs || singled.has(key), seed: plan.seeds });
  }

  return {
    add: (sample, sound) => {
      const found = kept.get(sample.target.key);
      if (found === undefined) return undefined;
      const { pair, rollup } = found;
      const outlier = outlierOf(pair, sample, sound);
      addSample(pair, sample, { nowMs: nowMs(), sound });
      addToRollup(rollup, sample, sound);
      return outlier;
    },
    exemplify: (sample, exemplar) => {
      const found = kept.get(sample.target.key);
      if (found === undefined) return;
      for (const owner of [found.pair, found.rollup]) {
        owner.exemplars ??= new Map();
        const told = sample.kind === 'failed' && owner.failed?.has(sample.reason);
        const reason = told === true ? sample.reason : 'other';
        owner.exemplars.set(sample.kind === 'ok' ? 'ok' : reason, exemplar);
      }
    },
    follow: (targets, planned) => {
      plan = planned;
      const before = rollups;
      rollups = new Map();
      const wanted = new Set<string>();
      for (const target of targets) {
        wanted.add(target.key);
        const { key, ...name } = rollupNameOf(target, plan.level);
        const rollup = rollups.get(key) ?? before.get(key) ?? createRollup(name);
        rollups.set(key, rollup);
        keep(target, rollup);
        showPair(target.key);
      }
      for (const key of kept.keys()) if (!wanted.has(key)) kept.delete(key);
    },
    pairs: () => kept.values().map(({ pair }) => pair),
    single: (wanted) => {
      const before = singled;
      singled = wanted;
      for (const key of before.union(wanted)) showPair(key);
    },
    shown: () => {
      const keys = plan.pairs ? kept.keys() : singled.values();
      return keys.flatMap((key) => {
        const pair = kept.get(key)?.pair;
        return pair === undefined ? [] : [pair];
      });
    },
    rollups: () => (plan.pairs ? [] : rollups.values()),
    rotate: () => {
      for (const { pair } of kept.values()) rotatePair(pair);
      for (const { window } of rollups.values()) rotate(window);
    },
    plan: () => plan,
  };
}
