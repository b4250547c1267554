import type { PlanRules } from './plan.ts';

export interface MeshLimits {
  /** Targets that may all be probed in every interval, at most. */
  readonly full: number;
  readonly probesPerSecond: number;
  /** Where one is undefined it follows from the probes that a round may have. */
  readonly steady?: number | undefined;
  readonly sweep?: number | undefined;
  readonly suspects?: number | undefined;
}

/** Whether all targets are probed in every interval, or by the plan in rounds. */
export type MeshChoice =
  | { readonly kind: 'full'; readonly roundMs: number }
  | {
      readonly kind: 'bounded';
      readonly roundMs: number;
      readonly plan: PlanRules;
      /** Probes a round for pairs under suspicion. */
      readonly suspects: number;
    };

/** A round with fewer probes would leave a part of the plan without any. */
const leastProbesInRound = 4;
/** Keeps 0.2 x 20 from being less than 4. */
const rounding = 1e-9;
const steadyShare = 0.3;
const suspectsShare = 0.2;

/** The limit that so many targets are above; undefined: none, all are probed in every interval. */
export function exceeded(
  targets: number,
  intervalMs: number,
  { full, probesPerSecond }: MeshLimits,
): 'mesh.full' | 'budget.probesPerSecond' | undefined {
  if (targets > full) return 'mesh.full';
  return targets > (probesPerSecond * intervalMs) / 1000 ? 'budget.probesPerSecond' : undefined;
}

/**
 * All targets where they are within both limits. By the plan a round lasts an interval, or as many as it takes for the
 * budget to suffice for 4 probes.
 */
export function chooseMesh(targets: number, intervalMs: number, limits: MeshLimits): MeshChoice {
  if (exceeded(targets, intervalMs, limits) === undefined)
    return { kind: 'full', roundMs: intervalMs };
  const perInterval = (limits.probesPerSecond * intervalMs) / 1000;
  const intervals = Math.max(1, Math.ceil(leastProbesInRound / perInterval - rounding));
  const probes = Math.floor(perInterval * intervals + rounding);
  const steady = Math.max(1, Math.round(probes * steadyShare));
  const suspects = Math.round(probes * suspectsShare);
  return {
    kind: 'bounded',
    roundMs: intervals * intervalMs,
    plan: {
      steady: limits.steady ?? steady,
      sweep: limits.sweep ?? Math.max(1, probes - steady - suspects),
    },
    suspects: limits.suspects ?? suspects,
  };
}
