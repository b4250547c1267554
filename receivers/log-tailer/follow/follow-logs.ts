import { untilAborted } from '../../shared/deadline.ts';
import { ConfigError } from '../../shared/errors.ts';
import type { Book } from './book.ts';
import { createBook } from './book.ts';
import { loadCheckpoints } from './checkpoint-file.ts';
import { type Checkpoints, noCheckpoints } from './checkpoint-format.ts';
import { type FollowCounts, createCounts } from './counts.ts';
import { type Engine, createEngine } from './engine.ts';
import { type Glob, parseGlob } from './glob.ts';
import { takeMarks } from './marks.ts';
import { type FollowOptions, defaultTimes } from './options.ts';
import { findRenamedAway } from './renamed-away.ts';
import { type Saver, createSaver } from './saver.ts';
import { createSayOnce } from './say-once.ts';
import { type Watching, createWatching } from './watching.ts';

export interface Following {
  readonly counts: FollowCounts;
  /** Resolves when all that was there is known, or it ended before; rejects with a StartupError where the checkpoints cannot be read. */
  readonly ready: Promise<void>;
  /** Resolves when the signal ended and nothing more is handed on; rejects with what `onChunk` threw. */
  readonly ended: Promise<void>;
  /** All of a log before `offset` went where it should: its checkpoint moves to the last chunk that ends there or before. */
  readonly acknowledge: (log: string, offset: number) => void;
  /** Saves the checkpoints now, after the end too; where that fails, it is counted and said. */
  readonly save: () => Promise<void>;
}

const leastChunkBytes = 4096;

/** Follows the logs of the globs until the signal ends. Throws a ConfigError for a glob that is none. */
export function followLogs(options: FollowOptions): Following {
  const { chunkBytes = 262_144, signal } = options;
  if (chunkBytes < leastChunkBytes)
    throw new ConfigError(`chunkBytes: expected at least ${leastChunkBytes}, got ${chunkBytes}`);
  const globs = options.globs.map(parseGlob);
  const counts = createCounts();
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  let parts: Parts | undefined;
  let broken: { readonly error: unknown } | undefined;

  async function begin(): Promise<void> {
    const checkpoints = await load(options);
    parts = assemble({ ...options, chunkBytes }, { globs, counts, checkpoints, stop, onBroken });
    await Promise.race([parts.begin(), untilAborted(stop.signal)]);
  }

  function onBroken(error: unknown): void {
    broken ??= { error };
    abort();
  }

  async function end(): Promise<void> {
    await untilAborted(stop.signal);
    signal.removeEventListener('abort', abort);
    await ready.catch(() => undefined);
    await parts?.end();
    if (broken !== undefined) throw broken.error;
  }

  const ready = begin().catch((caught: unknown) => {
    abort();
    throw caught;
  });
  return {
    counts,
    ready,
    ended: end(),
    acknowledge: (id, offset) => {
      const log = parts?.book.byId(id);
      const mark = log === undefined ? undefined : takeMarks(log.marks, offset);
      if (log === undefined || mark === undefined) return;
      log.acknowledged = mark;
      parts?.saver.changed();
    },
    save: () => parts?.saver.save() ?? Promise.resolve(),
  };
}

interface Parts {
  readonly book: Book;
  readonly saver: Saver;
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
}

interface Given {
  readonly globs: readonly Glob[];
  readonly counts: FollowCounts;
  readonly checkpoints: Checkpoints;
  readonly stop: AbortController;
  readonly onBroken: (error: unknown) => void;
}

function assemble(options: FollowOptions & { readonly chunkBytes: number }, given: Given): Parts {
  const { log, chunkBytes, maxOpen = 4096, maxLogs = 20_000, watch: mode = 'inotify' } = options;
  const { globs, counts, checkpoints, onBroken } = given;
  const times = { ...defaultTimes, ...options.times };
  const book = createBook({ saved: checkpoints.logs, next: checkpoints.next, maxLogs, counts });
  const say = createSayOnce(log);
  const wallMs = Date.now;
  const path = options.checkpoints;
  const saver = createSaver({ path, book, counts, log, times, wallMs });
  const engine: Engine = createEngine({
    book,
    counts,
    say,
    times,
    chunkBytes,
    local: mode === 'inotify',
    maxOpen,
    wallMs,
    onBroken,
    signal: given.stop.signal,
    onChunk: options.onChunk,
    onChanged: saver.changed,
    onLink: (link, target) => watching.link(link, target),
    startAt: options.startAt ?? 'beginning',
    nowMs: () => performance.now(),
  });
  const watching: Watching = createWatching({ globs, mode, times, counts, say, engine });
  return {
    book,
    saver,
    begin: async () => {
      await watching.begin();
      await readRenamedAway(book, engine);
      for (const { text } of watching.unmatched())
        log.warn({ glob: text }, 'no file matches; waiting for one');
      engine.begin();
      await saver.save();
    },
    end: async () => {
      await watching.close();
      await engine.close();
      saver.stop();
      await saver.save();
    },
  };
}

async function load({ checkpoints, log }: FollowOptions): Promise<Checkpoints> {
  if (checkpoints === undefined) return noCheckpoints;
  const loaded = await loadCheckpoints(checkpoints);
  if (loaded.kind === 'loaded') return loaded.checkpoints;
  const { problem, aside } = loaded;
  log.error({ file: checkpoints, problem, aside }, 'checkpoints are unusable; set aside');
  return noCheckpoints;
}

/** Logs of the checkpoints without a name of the globs: read to their end where their files are still beside. */
async function readRenamedAway(book: Book, engine: Engine): Promise<void> {
  const missing = [...book.logs()].filter(
    ({ names, fd, gzip, goneSinceMs }) =>
      names.size === 0 && fd === undefined && !gzip && goneSinceMs === undefined,
  );
  const found = await findRenamedAway(missing);
  for (const log of missing) {
    const path = found.get(log);
    const known = path !== undefined && log.head.bytes > 0;
    const kept = known && (await engine.readAway(log, path));
    if (!kept) engine.lose(log);
  }
}
