import {
  createHistogram,
  type GrowingHistogram,
} from '../../shared/metrics/exponential-histogram.ts';
import { countFailure, type Failures } from './failures.ts';
import { addPhases, createPhases, type PhaseHistograms } from './http-phases.ts';
import { createWindow, type LossWindow } from './loss.ts';
import type { Exemplars } from './pair.ts';
import type { Sample } from './sample.ts';
import type { Protocol, Wanted } from './target.ts';

/** What the targets of one protocol are told apart by where they have no series of their own. */
export type RollupLevel =
  /** Those of the own zone by rack, all others by zone. */
  | { readonly by: 'rack'; readonly ownZone: string }
  | { readonly by: 'zone' }
  /** Not at all. */
  | { readonly by: 'protocol' };

/** Many targets of one protocol together. */
export interface Rollup extends LossWindow {
  readonly protocol: Protocol;
  /** Undefined: of all zones. */
  readonly zone: string | undefined;
  /** Undefined: of all racks. */
  readonly rack: string | undefined;
  readonly histogram: GrowingHistogram;
  /** Of HTTP alone. */
  readonly phases: PhaseHistograms | undefined;
  ok: number;
  late: number;
  readonly failed: Failures;
  exemplars: Exemplars | undefined;
}

/** Reasons of failures that a rollup tells apart beside `timeout` and `other`. */
export const reasonsApart = 2;

type Name = Pick<Rollup, 'protocol' | 'zone' | 'rack'>;

/** The rollup that a target belongs to, and a key of its own. */
export function rollupNameOf(
  { protocol, peer: { zone, rack } }: Wanted,
  level: RollupLevel,
): Name & { readonly key: string } {
  switch (level.by) {
    case 'protocol':
      return { protocol, zone: undefined, rack: undefined, key: protocol };
    case 'zone':
      return { protocol, zone, rack: undefined, key: `${protocol}|${zone}` };
    case 'rack':
      return zone === level.ownZone && rack !== ''
        ? { protocol, zone, rack, key: `${protocol}|${zone}|${rack}` }
        : { protocol, zone, rack: undefined, key: `${protocol}|${zone}` };
  }
}

export function createRollup({ protocol, zone, rack }: Name): Rollup {
  return {
    protocol,
    zone,
    rack,
    histogram: createHistogram(),
    phases: createPhases(protocol),
    ok: 0,
    late: 0,
    failed: new Map(),
    ...createWindow(),
    exemplars: undefined,
  };
}

/** Beside `timeout` and `other` so many reasons of failures are told apart. */
export function addToRollup(
  rollup: Rollup,
  sample: Sample,
  { sound, apart = reasonsApart }: { readonly sound: boolean; readonly apart?: number },
): void {
  rollup.sent++;
  if (sample.late) rollup.late++;
  if (sample.kind === 'failed') {
    rollup.lost++;
    countFailure(rollup.failed, sample.reason, apart);
    return;
  }
  rollup.ok++;
  if (!sound) return;
  rollup.histogram.add(sample.rttNs / 1e9);
  addPhases(rollup.phases, sample.phases);
}
