import {
  createHistogram,
  type GrowingHistogram,
} from '../../shared/metrics/exponential-histogram.ts';
import { createWindow, rotate, type LossWindow } from './loss.ts';
import { addSample, createPair, isSound, rotatePair, type Pair } from './pair.ts';
import type { FailureReason, Sample } from './sample.ts';
import { targetKey, type Protocol, type Target } from './target.ts';

export type Stamps = 'kernel' | 'user';

export interface BookOptions {
  /** Series of pairs are kept for so many targets at most; beyond it all are in the rollups alone. */
  readonly maxPairs: number;
  /** What tells the time of a protocol's probes. */
  readonly stampsOf: (protocol: Protocol) => Stamps;
  readonly nowMs: () => number;
}

/** All targets of one protocol in one zone together. It stays when targets go. */
export interface Rollup {
  readonly protocol: Protocol;
  readonly zone: string;
  readonly histogram: GrowingHistogram;
  ok: number;
  late: number;
  readonly failed: Map<FailureReason, number>;
  readonly window: LossWindow;
}

/** Everything measured, by pair while they are few, by zone always. */
export interface Book {
  readonly add: (sample: Sample) => void;
  /** The targets that are: pairs of others end, new ones begin with nothing. */
  readonly follow: (targets: readonly Omit<Target, 'gone'>[]) => void;
  readonly pairs: () => Iterable<Pair>;
  /** Pairs that have series of their own also while others have none: those under suspicion. Others lose theirs. */
  readonly single: (wanted: ReadonlySet<string>) => void;
  /** The pairs that have series of their own now. */
  readonly shown: () => Iterable<Pair>;
  readonly rollups: () => Iterable<Rollup>;
  /** Begins a new stretch of time for the losses. */
  readonly rotate: () => void;
  /** Whether pairs have series of their own now. */
  readonly byPair: () => boolean;
}

export function createBook({ maxPairs, stampsOf, nowMs }: BookOptions): Book {
  const pairs = new Map<string, Pair>();
  const keys = new WeakMap<Target, string>();
  const rollups = new Map<string, Rollup>();
  let detailed = true;
  let singled: ReadonlySet<string> = new Set();

  /** Begins a pair anew, with a histogram or without; where all have one it stays. */
  function replace(key: string, withHistogram: boolean): void {
    const pair = pairs.get(key);
    if (pair !== undefined && !detailed) pairs.set(key, createPair(pair.target, withHistogram));
  }

  function pairOf(target: Target): Pair | undefined {
    let key = keys.get(target);
    if (key === undefined) {
      key = targetKey(target);
      keys.set(target, key);
    }
    return pairs.get(key);
  }

  function rollupOf({ protocol, peer: { zone } }: Target): Rollup {
    const key = `${protocol}|${zone}`;
    const known = rollups.get(key);
    if (known !== undefined) return known;
    const made: Rollup = {
      protocol,
      zone,
      histogram: createHistogram(),
      ok: 0,
      late: 0,
      failed: new Map(),
      window: createWindow(),
    };
    rollups.set(key, made);
    return made;
  }

  return {
    add: (sample) => {
      const { target } = sample;
      const pair = pairOf(target);
      if (pair === undefined) return;
      const sound = isSound(sample, stampsOf(target.protocol));
      addSample(pair, sample, { nowMs: nowMs(), sound });
      addToRollup(rollupOf(target), sample, sound);
    },
    follow: (targets) => {
      const wanted = new Set<string>();
      detailed = targets.length <= maxPairs;
      for (const target of targets) {
        const key = targetKey(target);
        wanted.add(key);
        const known = pairs.get(key);
        const shows = detailed || singled.has(key);
        if (known !== undefined && (known.histogram !== undefined) === shows) continue;
        pairs.set(key, createPair({ ...target, gone: false }, shows));
      }
      for (const key of pairs.keys()) if (!wanted.has(key)) pairs.delete(key);
    },
    pairs: () => pairs.values(),
    single: (wanted) => {
      for (const key of singled) if (!wanted.has(key)) replace(key, false);
      for (const key of wanted) if (!singled.has(key)) replace(key, true);
      singled = wanted;
    },
    shown: () => (detailed ? pairs.values() : [...singled].flatMap((key) => pairs.get(key) ?? [])),
    rollups: () => rollups.values(),
    rotate: () => {
      for (const pair of pairs.values()) rotatePair(pair);
      for (const { window } of rollups.values()) rotate(window);
    },
    byPair: () => detailed,
  };
}

function addToRollup(rollup: Rollup, sample: Sample, sound: boolean): void {
  rollup.window.sent++;
  if (sample.late) rollup.late++;
  if (sample.kind === 'failed') {
    rollup.window.lost++;
    rollup.failed.set(sample.reason, (rollup.failed.get(sample.reason) ?? 0) + 1);
    return;
  }
  rollup.ok++;
  if (sound) rollup.histogram.add(sample.rttNs / 1e9);
}
