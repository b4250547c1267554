import type { Source, SourceOptions } from '../core/source.ts';
import type { SourcesOptions } from '../core/sources.ts';

/** Starts a source of few occurrences, and tells of each once, as soon as it is known. */
export function telling(
  start: (options: SourceOptions) => Source,
  { signal, onChange, onOccurrence }: SourcesOptions,
): Source {
  const told = new Set<string>();

  function tell(): void {
    for (const occurrence of source.evidence().occurrences) {
      const key = `${occurrence.event} ${occurrence.atUnixNs}`;
      if (told.has(key)) continue;
      told.add(key);
      onOccurrence(occurrence);
    }
    onChange();
  }

  const source = start({ signal, onChange: tell });
  return source;
}
