import type { FailureReason } from './sample.ts';

export type Failures = Map<FailureReason, number>;

/**
 * Counts a failure by its reason. Beside `timeout` so many reasons are told apart as have come first; the rest are `other`, so
 * that a budget of series can be kept.
 */
export function countFailure(failures: Failures, reason: FailureReason, apart: number): void {
  const told = isTold(failures, reason, apart) ? reason : 'other';
  failures.set(told, (failures.get(told) ?? 0) + 1);
}

function isTold(failures: Failures, reason: FailureReason, apart: number): boolean {
  if (reason === 'timeout' || reason === 'other' || failures.has(reason)) return true;
  const common = Number(failures.has('timeout')) + Number(failures.has('other'));
  return failures.size - common < apart;
}
