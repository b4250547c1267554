import type { ProberFacts } from './facts.ts';

/** Groups whose callers the API server lets join their own trace. */
const privileged: readonly string[] = ['system:monitoring', 'system:masters'];

/** The groups of whoever runs probes, as the API server tells them, or as their certificate does. */
export function groupsOf({ user, certificate }: ProberFacts): readonly string[] {
  return user.kind === 'seen' ? user.value.groups : (certificate?.organisations ?? []);
}

export function isPrivileged(prober: ProberFacts): boolean {
  return groupsOf(prober).some((group) => privileged.includes(group));
}
