import type { Family } from '../../shared/metrics/families.ts';
import type { EventDefinition } from './event.ts';
import type { Occurrence } from './occurrence.ts';
import type { Source, SourceOptions } from './source.ts';

/** All that a log tailer asks and follows. */
export interface Sources {
  readonly all: readonly Source[];
  /** May become more. */
  readonly definitions: () => readonly EventDefinition[];
  /** What the sources count about themselves, and about the node. */
  readonly families: () => readonly Family[];
  /** Why they tell nothing any more; undefined: they do. */
  readonly problem: () => string | undefined;
}

export interface SourcesOptions extends SourceOptions {
  /** Told of each occurrence as soon as a source knows of it, once. */
  readonly onOccurrence: (occurrence: Occurrence) => void;
}

/** Rejects with ConfigError or StartupError where one of them cannot begin; none runs then. */
export type StartSources = (options: SourcesOptions) => Promise<Sources>;
