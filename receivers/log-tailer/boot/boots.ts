import type { EventDefinition } from '../core/event.ts';
import type { Occurrence } from '../core/occurrence.ts';

/** What happened in one boot of the node. */
export interface Boot {
  /** 32 hexadecimal digits; undefined where no source says. */
  readonly id: string | undefined;
  /** When its kernel started, as far as that is known. */
  readonly startUnixNs: bigint | undefined;
  /** In the order in which they came. */
  readonly occurrences: readonly Occurrence[];
}

/** A boot that is known beforehand, as the running kernel knows its own. */
export interface KnownBoot {
  readonly id: string;
  readonly startUnixNs: bigint;
}

interface Start {
  readonly id: string | undefined;
  readonly atNs: bigint;
  /** Sources that told of it. */
  readonly sources: Set<string>;
  readonly occurrences: Occurrence[];
}

const secondNs = 1_000_000_000n;
/** Two sources that are exact to a second may differ by so much about the same start. */
const sameNs = 2n * secondNs;
/** A log that stamps the kernel's lines when it reads them is behind the kernel by so much, at most. */
const lateNs = 120n * secondNs;
/** What precedes a boot by more has nothing to do with it. */
const leadNs = 3600n * secondNs;

/**
 * Takes boots apart, the oldest first: by the id that a source names, else by the kernel's starts. What came before the first start that
 * is known is a boot of its own, without a start.
 */
export function separateBoots(
  occurrences: readonly Occurrence[],
  definitions: readonly EventDefinition[],
  known: readonly KnownBoot[] = [],
): readonly Boot[] {
  const places = new Map(definitions.map(({ metric, place }) => [metric, place ?? 'within']));
  const placeOf = ({ event }: Occurrence) => places.get(event) ?? 'within';
  const starts = namedStarts(occurrences, known);
  const marks = occurrences.filter(
    (each) => each.bootId === undefined && placeOf(each) === 'begins',
  );
  for (const mark of marks.toSorted(byTime)) noteMark(starts, mark);
  starts.sort((a, b) => compare(a.atNs, b.atNs));
  const unplaced: Occurrence[] = [];
  for (const occurrence of occurrences)
    (startOf(occurrence, placeOf(occurrence), starts)?.occurrences ?? unplaced).push(occurrence);
  const before = { id: undefined, startUnixNs: undefined, occurrences: unplaced };
  return [
    ...(unplaced.length > 0 ? [before] : []),
    ...starts.map(({ id, atNs, occurrences: own }) => ({
      id,
      startUnixNs: atNs,
      occurrences: own,
    })),
  ];
}

function namedStarts(occurrences: readonly Occurrence[], known: readonly KnownBoot[]): Start[] {
  const starts = new Map<string, Start>();
  for (const { id, startUnixNs } of known)
    starts.set(id, { id, atNs: startUnixNs, sources: new Set(), occurrences: [] });
  const told = new Set(starts.keys());
  for (const { bootId, source, atUnixNs, monotonicUs = 0 } of occurrences) {
    if (bootId === undefined) continue;
    const sources = starts.get(bootId)?.sources ?? new Set<string>();
    sources.add(source);
    if (told.has(bootId)) continue;
    const atNs = atUnixNs - BigInt(Math.round(monotonicUs * 1000));
    const earlier = starts.get(bootId);
    if (earlier === undefined || atNs < earlier.atNs)
      starts.set(bootId, { id: bootId, atNs, sources, occurrences: [] });
  }
  return [...starts.values()];
}

/** The start of a kernel that names no boot: one that is known already, or another. */
function noteMark(starts: Start[], { source, atUnixNs: atNs }: Occurrence): void {
  const late = starts
    .filter((start) => start.atNs <= atNs && atNs - start.atNs <= lateNs)
    .toSorted((a, b) => compare(a.atNs, b.atNs))
    .at(-1);
  const same =
    starts.find((start) => distance(start.atNs, atNs) <= sameNs) ??
    (late?.sources.has(source) === false ? late : undefined);
  if (same === undefined)
    starts.push({ id: undefined, atNs, sources: new Set([source]), occurrences: [] });
  else same.sources.add(source);
}

function startOf(
  { bootId, atUnixNs, precisionNs }: Occurrence,
  place: 'before' | 'begins' | 'within',
  starts: readonly Start[],
): Start | undefined {
  if (bootId !== undefined) return starts.find(({ id }) => id === bootId);
  if (starts.length === 0) return undefined;
  const latestNs = atUnixNs + BigInt(precisionNs);
  const last = starts.findLast(({ atNs }) => atNs <= latestNs);
  switch (place) {
    case 'within':
      return last;
    case 'begins':
      // Its own start may have been put down as a little later.
      return starts.find(({ atNs }) => distance(atNs, atUnixNs) <= sameNs) ?? last;
    case 'before': {
      const next = starts.find(({ atNs }) => atNs >= atUnixNs && atNs - atUnixNs <= leadNs);
      return next ?? last;
    }
  }
}

function byTime(a: Occurrence, b: Occurrence): number {
  return compare(a.atUnixNs, b.atUnixNs);
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b;
}
