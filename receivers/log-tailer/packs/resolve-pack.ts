import type { Pack, PackCounter, PackEvent, PackPattern, PackSource } from './pack.ts';
import type { PackFile, PackFileEntry } from './pack-file.ts';

/** What is wrong with a part of a file. */
export interface PackProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export interface ResolvedPack {
  readonly pack: Pack;
  readonly problems: readonly PackProblem[];
}

/** A pack as its file says it, on top of those that it extends, in their order. What is wrong is left out of it. */
export function resolvePack(file: PackFile, extended: readonly Pack[]): ResolvedPack {
  const problems: PackProblem[] = [];
  const sources = mergedBy('name', [
    ...extended.flatMap((pack) => pack.sources),
    ...Object.entries(file.sources).map(([name, source]) => ({ name, ...source })),
  ]);
  for (const list of ['events', 'counters'] as const)
    problems.push(...duplicates(list, file[list]));
  const events = file.events.map((entry, index): PackEvent => {
    const patterns = patternsOf({ entry, path: ['events', index], sources }, problems);
    const { metric, name, aliases, selector, terminal, place, tells, comment } = entry;
    const said = comment === undefined ? {} : { comment };
    return {
      metric,
      name,
      aliases,
      selector,
      terminal,
      place,
      tells,
      ...said,
      sources: entry.sources,
      patterns,
    };
  });
  const counters = file.counters.map((entry, index): PackCounter => {
    const patterns = patternsOf({ entry, path: ['counters', index], sources }, problems);
    return { metric: entry.metric, name: entry.name, patterns };
  });
  const kept = ({ metric }: { readonly metric: string }) => !file.without.includes(metric);
  const pack: Pack = {
    name: file.name,
    title: file.title,
    detect: file.detect.map(({ id, version }) => ({ id, version })),
    evidence: file.evidence === 'unverified' ? [] : file.evidence,
    chartsUnits: file.chartsUnits || extended.some((each) => each.chartsUnits),
    sources,
    events: mergedBy('metric', [
      ...extended.flatMap((each) => each.events).filter(kept),
      ...events,
    ]),
    counters: mergedBy('metric', [
      ...extended.flatMap((each) => each.counters).filter(kept),
      ...counters,
    ]),
  };
  problems.push(...unknownMetrics(file, extended, pack));
  return { pack, problems };
}

/** Later ones replace earlier ones of the same key, in their place. */
function mergedBy<K extends string, T extends Readonly<Record<K, string>>>(
  key: K,
  items: readonly T[],
): readonly T[] {
  return [...new Map(items.map((item) => [item[key], item])).values()];
}

function duplicates(list: string, entries: readonly PackFileEntry[]): readonly PackProblem[] {
  return entries.flatMap(({ metric }, index) =>
    entries.findIndex((other) => other.metric === metric) === index
      ? []
      : [
          {
            path: [list, index, 'metric'],
            message: `expected one that nothing else in ${list} has, got '${metric}' again`,
          },
        ],
  );
}

interface Place {
  readonly entry: PackFileEntry;
  readonly path: readonly PropertyKey[];
  readonly sources: readonly PackSource[];
}

function patternsOf({ entry, path, sources }: Place, problems: PackProblem[]): PackPattern[] {
  const note = (at: readonly PropertyKey[], message: string) =>
    problems.push({ path: [...path, ...at], message });
  const names = sources.map(({ name }) => `'${name}'`).join(', ');
  for (const name of Object.keys(entry.patterns))
    if (!entry.sources.includes(name))
      note(['patterns', name], `expected one of its sources, ${entry.sources.join(', ')}`);
  return entry.sources.flatMap((name, index) => {
    const source = sources.find((each) => each.name === name);
    if (source === undefined) {
      note(['sources', index], `expected a source, one of ${names}, got '${name}'`);
      return [];
    }
    const patterns = entry.patterns[name] ?? (source.kind === 'api' ? [] : (entry.pattern ?? []));
    if (source.kind === 'api' && patterns.length > 0)
      note(['patterns', name], 'expected none, for the source has no lines');
    if (source.kind !== 'api' && patterns.length === 0)
      note([], `expected a pattern for the source '${name}', got none`);
    return patterns.map((pattern) => ({ source: name, pattern }));
  });
}

function unknownMetrics(
  file: PackFile,
  extended: readonly Pack[],
  pack: Pack,
): readonly PackProblem[] {
  const inherited = extended.flatMap(({ events, counters }) => [...events, ...counters]);
  const own = [...pack.events, ...pack.counters];
  const missing = (path: readonly PropertyKey[], metric: string, of: typeof own) =>
    of.some((each) => each.metric === metric)
      ? []
      : [{ path, message: `expected the metric of an event or counter, got '${metric}'` }];
  const without = file.without.flatMap((metric, index) =>
    missing(['without', index], metric, inherited),
  );
  const evidence = file.evidence === 'unverified' ? [] : file.evidence;
  const verified = evidence.flatMap(({ events }, place) =>
    events.flatMap((metric, index) => missing(['evidence', place, 'events', index], metric, own)),
  );
  return [...without, ...verified];
}
