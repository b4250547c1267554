/** What tells whether a process belongs to a cluster. */
export interface Candidate {
  readonly pid: number;
  readonly parent: number;
  readonly startTime: string;
  readonly environment: readonly string[];
  readonly cgroups: readonly string[];
}

export interface Marks {
  /** `NAME=value` as it stands in the environment of the cluster's processes. */
  readonly variable: string;
  /** Cgroups that the cluster made. */
  readonly cgroups: readonly string[];
  /** Noted in the journal. */
  readonly processes: readonly { readonly pid: number; readonly startTime: string }[];
}

/**
 * Ids of the processes that belong to a cluster: noted ones that are still the same process, those with its mark in their
 * environment, those in its cgroups, and all descendants of these. `own` and its ancestors never do.
 */
export function belongingTo(
  marks: Marks,
  candidates: readonly Candidate[],
  own: number,
): Set<number> {
  const spared = lineage(own, new Map(candidates.map(({ pid, parent }) => [pid, parent])));
  const found = new Set(
    candidates.filter((one) => isMarked(marks, one)).map((one) => one.pid),
  ).difference(spared);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of candidates)
      if (found.has(parent) && !spared.has(pid)) found.add(pid);
  }
  return found;
}

function isMarked(marks: Marks, candidate: Candidate): boolean {
  const { pid, startTime, environment, cgroups } = candidate;
  return (
    marks.processes.some((noted) => noted.pid === pid && noted.startTime === startTime) ||
    environment.includes(marks.variable) ||
    cgroups.some((path) => marks.cgroups.some((ours) => isWithin(path, ours)))
  );
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function lineage(pid: number, parents: ReadonlyMap<number, number>): Set<number> {
  const line = new Set<number>();
  for (let at = pid; at > 0 && !line.has(at); at = parents.get(at) ?? 0) line.add(at);
  return line;
}
