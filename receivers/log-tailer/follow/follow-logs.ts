import { untilAborted } from '../../shared/deadline.ts';
import { ConfigError } from '../../shared/errors.ts';
import { dirname } from 'node:path';
import { type Book, createBook } from './book.ts';
import { loadCheckpoints } from './checkpoint-file.ts';
import { type Checkpoints, noCheckpoints } from './checkpoint-format.ts';
import { type FollowCounts, createCounts } from './counts.ts';
import { type Engine, createEngine } from './engine.ts';
import { type Glob, matchFile, matchFolder, parseGlob } from './glob.ts';
import { takeMarks } from './marks.ts';
import type { Names } from './names.ts';
import { type FollowOptions, defaultTimes } from './options.ts';
import { findRenamedAway } from './renamed-away.ts';
import { createSaver } from './saver.ts';
import { createSayOnce } from './say-once.ts';
import { createWatching } from './watching.ts';

export interface Following {
  readonly counts: FollowCounts;
  /** All of a log before `offset` went where it should: its checkpoint moves to the last chunk that ends there or before. */
  readonly acknowledge: (log: string, offset: number) => void;
  /** Saves the checkpoints now; where that fails, it is counted and said. */
  readonly save: () => Promise<void>;
  /** Resolves when the signal ended and nothing more is handed on; rejects with what `onChunk` threw. */
  readonly ended: Promise<void>;
}

const leastChunkBytes = 4096;

/**
 * Follows the logs of the globs until the signal ends; resolves when all that was there is known. Rejects with a ConfigError
 * for a glob that is none, with a StartupError where the checkpoints cannot be read.
 */
export async function followLogs(options: FollowOptions): Promise<Following> {
  const { chunkBytes = 262_144, maxOpen = 4096, maxLogs = 20_000, log } = options;
  if (chunkBytes < leastChunkBytes)
    throw new ConfigError(`chunkBytes: expected at least ${leastChunkBytes}, got ${chunkBytes}`);
  const times = { ...defaultTimes, ...options.times };
  const globs = options.globs.map(parseGlob);
  const { next, logs } = await load(options);
  const counts = createCounts();
  const book = createBook({ saved: logs, next, maxLogs, counts });
  const stop = new AbortController();
  const say = createSayOnce(log);
  const wallMs = Date.now;
  const saver = createSaver({
    path: options.checkpoints,
    book,
    counts,
    log,
    saveMs: times.saveMs,
    forgetMs: times.forgetMs,
    wallMs,
  });
  let broken: { readonly error: unknown } | undefined;
  const engine = createEngine({
    book,
    counts,
    say,
    signal: stop.signal,
    onChunk: options.onChunk,
    onBroken: (error) => {
      broken ??= { error };
      stop.abort();
    },
    onChanged: saver.changed,
    onLink: (path, target) => watching.link(path, target),
    startAt: options.startAt ?? 'beginning',
    chunkBytes,
    maxOpen,
    graceMs: times.graceMs,
    nowMs: () => performance.now(),
    wallMs,
  });
  const mode = options.watch ?? 'inotify';
  const watching = createWatching({ globs, mode, times, counts, say, engine });

  const ended = end();
  try {
    await Promise.race([begin(), ended]);
  } catch (caught) {
    stop.abort();
    await ended;
    throw caught;
  }
  return { counts, acknowledge, save: saver.save, ended };

  async function begin(): Promise<void> {
    await watching.begin();
    await readRenamedAway(book, engine);
    for (const glob of globs)
      if (!isMatched(glob, engine.names))
        log.warn({ glob: glob.text }, 'no file matches; waiting for one');
    engine.begin();
    await saver.save();
  }

  async function end(): Promise<void> {
    const follow = (): void => stop.abort();
    options.signal.addEventListener('abort', follow, { once: true });
    if (options.signal.aborted) follow();
    await untilAborted(stop.signal);
    options.signal.removeEventListener('abort', follow);
    await watching.close();
    await engine.close();
    saver.stop();
    await saver.save();
    if (broken !== undefined) throw broken.error;
  }

  function acknowledge(id: string, offset: number): void {
    const known = book.byId(id);
    const mark = known === undefined ? undefined : takeMarks(known.marks, offset);
    if (known === undefined || mark === undefined) return;
    known.acknowledged = mark;
    saver.changed();
  }
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
    ({ names, fd, goneSinceMs }) =>
      names.size === 0 && fd === undefined && goneSinceMs === undefined,
  );
  const found = await findRenamedAway(missing);
  for (const log of missing) {
    const path = found.get(log);
    const kept = path !== undefined && (await engine.readAway(log, path));
    if (!kept) engine.lose(log);
  }
}

function isMatched(glob: Glob, names: Names): boolean {
  for (const [path] of names.entries())
    if (
      matchFolder(glob, dirname(path)).holds &&
      matchFile(glob, path.slice(dirname(path).length + 1))
    )
      return true;
  return false;
}
