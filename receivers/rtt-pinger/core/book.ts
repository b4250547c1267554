import type { Exemplar } from '../../shared/metrics/exemplar.ts';
import type { Labels } from '../../shared/metrics/families.ts';
import { rotate } from './loss.ts';
import { outlierOf, type Outlier } from './outlier.ts';
import { destinationLabels, destinationsOf, type Destination } from './destination.ts';
import { addSample, createPair, reasonsApart, rotatePair, show, type Pair } from './pair.ts';
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
  /** What has series of its own now. */
  readonly shown: () => Iterable<Shown>;
  /** What stands in for the others; nothing where all have series of their own. */
  readonly rollups: () => Iterable<Rollup>;
  /** Begins a new stretch of time for the losses. */
  readonly rotate: () => void;
  readonly plan: () => SeriesPlan;
}

/** A pair with series of its own, or several of which the series would say the same. */
export interface Shown {
  /** What they say of the destination. */
  readonly labels: Labels;
  /** All of them together, as counters that only grow. */
  readonly counts: Pair | Rollup;
  /** One at least, of one protocol. */
  readonly pairs: readonly [Pair, ...Pair[]];
}

/** Pairs whose series say the same. It stays one while a single pair of them is left: a sum must not fall. */
interface Fold {
  readonly counts: Rollup;
  readonly pairs: Pair[];
}

interface Kept {
  readonly pair: Pair;
  rollup: Rollup;
  byFamily: boolean;
  fold: Fold | undefined;
}

export interface BookOptions {
  /** The monotonic clock. */
  readonly nowMs: () => number;
  /** Series tell pods apart. Default true. */
  readonly pods?: boolean;
}

const nothingYet: SeriesPlan = {
  pairs: true,
  seeds: true,
  level: { by: 'zone' },
  single: 0,
};

export function createBook({ nowMs, pods = true }: BookOptions): Book {
  const kept = new Map<string, Kept>();
  let rollups = new Map<string, Rollup>();
  let folds = new Map<string, Fold>();
  let plan = nothingYet;
  let singled: ReadonlySet<string> = new Set();

  function showPair(key: string): void {
    const found = kept.get(key);
    if (found === undefined) return;
    const own = (plan.pairs || singled.has(key)) && found.fold === undefined;
    show(found.pair, { own, seed: plan.seeds });
  }

  function* shown(keys: Iterable<string>): Generator<Shown> {
    const told = new Set<Fold>();
    for (const key of keys) {
      const found = kept.get(key);
      if (found === undefined || (found.fold !== undefined && told.has(found.fold))) continue;
      const { pair, byFamily, fold } = found;
      // Few pairs have series: their labels are made when they are asked for.
      const labels = destinationLabels(pair.peer, { pods, byFamily });
      if (fold === undefined) yield { labels, counts: pair, pairs: [pair] };
      else {
        told.add(fold);
        const others = fold.pairs.filter((each) => each !== pair);
        yield { labels, counts: fold.counts, pairs: [pair, ...others] };
      }
    }
  }

  /** The fold that a target of a destination is in; undefined: it is alone, and was. */
  function foldOf(
    destination: Destination | undefined,
    before: ReadonlyMap<string, Fold>,
    { protocol }: Wanted,
  ): Fold | undefined {
    if (destination === undefined) return undefined;
    const { name, targets } = destination;
    const known = folds.get(name);
    const counts = before.get(name)?.counts;
    if (known !== undefined) return known;
    if (targets === 1 && counts === undefined) return undefined;
    const nowhere = { protocol, zone: undefined, rack: undefined };
    const fold = { counts: counts ?? createRollup(nowhere), pairs: [] };
    folds.set(name, fold);
    return fold;
  }

  return {
    add: (sample, sound) => {
      const found = kept.get(sample.target.key);
      if (found === undefined) return undefined;
      const { pair, rollup, fold } = found;
      const outlier = outlierOf(pair, sample, sound);
      addSample(pair, sample, { nowMs: nowMs(), sound });
      addToRollup(rollup, sample, { sound });
      if (fold !== undefined) addToRollup(fold.counts, sample, { sound, apart: reasonsApart });
      return outlier;
    },
    exemplify: (sample, exemplar) => {
      const found = kept.get(sample.target.key);
      if (found === undefined) return;
      for (const owner of [found.pair, found.rollup, found.fold?.counts]) {
        if (owner === undefined) continue;
        owner.exemplars ??= new Map();
        const told = sample.kind === 'failed' && owner.failed?.has(sample.reason);
        const reason = told === true ? sample.reason : 'other';
        owner.exemplars.set(sample.kind === 'ok' ? 'ok' : reason, exemplar);
      }
    },
    follow: (targets, planned) => {
      plan = planned;
      const before = { rollups, folds };
      [rollups, folds] = [new Map(), new Map()];
      const destinations = destinationsOf(targets, pods);
      for (const target of targets) {
        const { key, ...name } = rollupNameOf(target, plan.level);
        const rollup = rollups.get(key) ?? before.rollups.get(key) ?? createRollup(name);
        rollups.set(key, rollup);
        const pair = kept.get(target.key)?.pair ?? createPair(target);
        const destination = destinations.get(target.key);
        const { byFamily = false } = destination ?? {};
        const fold = foldOf(destination, before.folds, target);
        fold?.pairs.push(pair);
        kept.set(target.key, { pair, rollup, byFamily, fold });
        showPair(target.key);
      }
      for (const key of kept.keys()) if (!destinations.has(key)) kept.delete(key);
    },
    pairs: () => kept.values().map(({ pair }) => pair),
    single: (wanted) => {
      const before = singled;
      singled = wanted;
      for (const key of before.union(wanted)) showPair(key);
    },
    shown: () => shown(plan.pairs ? kept.keys() : singled),
    rollups: () => (plan.pairs ? [] : rollups.values()),
    rotate: () => {
      for (const { pair } of kept.values()) rotatePair(pair);
      for (const rollup of rollups.values()) rotate(rollup);
      for (const { counts } of folds.values()) rotate(counts);
    },
    plan: () => plan,
  };
}
