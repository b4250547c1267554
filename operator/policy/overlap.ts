import type { InjectingProber } from '../injection/prober.ts';
import type { Requirement } from '../label-selector.ts';

/** Whether one pod may meet the selectors of both. */
export function mayOverlap(one: InjectingProber, other: InjectingProber): boolean {
  return (
    mayBothHold(one.spec.podSelector, other.spec.podSelector) &&
    mayBothHold(one.spec.namespaceSelector ?? [], other.spec.namespaceSelector ?? [])
  );
}

/** False where a label would need two values; where it is not as plain as that, true. */
function mayBothHold(one: readonly Requirement[], other: readonly Requirement[]): boolean {
  return !one.some((a) =>
    other.some(
      (b) =>
        a.key === b.key &&
        a.operator === 'In' &&
        b.operator === 'In' &&
        !a.values.some((value) => b.values.includes(value)),
    ),
  );
}
