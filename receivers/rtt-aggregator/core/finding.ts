import type { Verdict } from '../../shared/mesh/matrix-report.ts';

type WithoutSince<Each> = Each extends Verdict ? Omit<Each, 'sinceMs'> : never;
/** A culprit as one look sees it. */
export type Finding = WithoutSince<Verdict>;

/** The same for the same culprit, whatever its loss. */
export function findingKey(finding: Finding): string {
  return finding.kind === 'node'
    ? `node|${finding.node}`
    : `${finding.kind}|${finding.from}|${finding.to}`;
}

/** `node worker-2`, `link worker-1 -> worker-2`, `zones a -> b`. */
export function findingText(finding: Finding): string {
  return finding.kind === 'node'
    ? `node ${finding.node}`
    : `${finding.kind} ${finding.from} -> ${finding.to}`;
}
