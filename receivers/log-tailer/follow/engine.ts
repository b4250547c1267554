import { basename, dirname } from 'node:path';
import type { Chunk } from '../core/chunk.ts';
import { type Archives, createArchives } from './archives.ts';
import type { Book } from './book.ts';
import { holds } from './compare.ts';
import type { FollowCounts } from './counts.ts';
import { type Endings, createEndings } from './endings.ts';
import { closeFile, openFile } from './file.ts';
import { type TailedLog, beginning } from './log.ts';
import { type Names, createNames } from './names.ts';
import { createOpenFiles } from './open-files.ts';
import type { FollowTimes } from './options.ts';
import { nothing } from './print.ts';
import { type Pump, createPump } from './pump.ts';
import { createRecognise } from './recognise.ts';
import { compareAge, parseRotatedName } from './rotated-name.ts';
import type { SayOnce } from './say-once.ts';

export interface EngineOptions {
  readonly book: Book;
  readonly counts: FollowCounts;
  readonly say: SayOnce;
  readonly signal: AbortSignal;
  readonly onChunk: (chunk: Chunk) => void | Promise<void>;
  readonly onBroken: (error: unknown) => void;
  /** What is to be saved changed. */
  readonly onChanged: () => void;
  readonly onLink: (path: string, target: string | undefined) => void;
  readonly startAt: 'beginning' | 'end';
  readonly chunkBytes: number;
  readonly local: boolean;
  readonly maxOpen: number;
  readonly times: FollowTimes;
  readonly nowMs: () => number;
  readonly wallMs: () => number;
}

/** What is known of names and logs, and what happens to a log that is read. */
export interface Engine {
  readonly names: Names;
  readonly wake: (log: TailedLog) => void;
  /** Reads what was found so far, the oldest first, and from now on at once. */
  readonly begin: () => void;
  /** Reads a log to its end from a file that has no name of the globs; false where that does not hold it. */
  readonly readAway: (log: TailedLog, path: string) => Promise<boolean>;
  /** No file holds the log. */
  readonly lose: (log: TailedLog) => void;
  /** Several times a second. */
  readonly tick: () => void;
  readonly close: () => Promise<void>;
}

/** So many are closed where no more can be opened. */
const droppedAtOnce = 64;

export function createEngine(options: EngineOptions): Engine {
  const { book, counts, say, signal, nowMs, wallMs } = options;
  /** Those that are to be read when it begins. */
  let held: Set<TailedLog> | undefined = new Set();
  const openFiles = createOpenFiles(options.maxOpen, counts);
  const endings: Endings = createEndings({ graceMs: options.times.graceMs, nowMs, wake });
  const pump: Pump = createPump({ ...options, reopen, onRewritten, onEnd, onFailed });
  const archives: Archives = createArchives({
    chunkBytes: options.chunkBytes,
    counts,
    signal,
    handOn: pump.handOn,
    onFound: ({ path, file }, log) => {
      book.move(log, file);
      log.gzip = true;
      names.set(path, { kind: 'log', log });
    },
    onEnd: ({ path }, log, end) => {
      if (end.kind === 'ended' || end.kind === 'shorter') log.length = log.offset;
      if (end.kind === 'damaged') {
        counts.damaged++;
        say(`damaged ${path}`, { path, problem: end.problem }, 'compressed log is damaged');
      }
      options.onChanged();
    },
  });
  const names = createNames({
    book,
    signal,
    nowMs,
    onLink: options.onLink,
    onNames,
    recognise: createRecognise({
      book,
      openFiles,
      archives,
      counts,
      times: options.times,
      nowMs,
      wallMs,
      wake,
      startAt: () => (held === undefined ? 'beginning' : options.startAt),
      onLost: lookAtCopies,
      onTooMany: (path) => say('too many', { path }, 'too many logs are known; some are left out'),
      onRefused: (path) =>
        say(
          `form ${path}`,
          { path },
          'compressed log is left out: only gzip that is whole is read',
        ),
    }),
    onUnreadable: (path, { message }) => {
      counts.unreadable++;
      say(`unreadable ${path}`, { path, problem: message }, 'log cannot be read; tried again');
    },
    onTooManyOpen: (path) => {
      counts.unreadable++;
      say(
        'files',
        { path },
        'no more files can be opened; those that were quiet longest are closed',
      );
      openFiles.dropQuietest(droppedAtOnce);
    },
  });

  function wake(log: TailedLog): void {
    if (held === undefined) pump.wake(log);
    else held.add(log);
  }

  function onNames(log: TailedLog): void {
    options.onChanged();
    if (log.goneSinceMs !== undefined) return endings.forget(log);
    if (!log.gzip) return endings.check(log);
    if (log.names.size === 0) lose(log);
  }

  function lose(log: TailedLog): void {
    endings.forget(log);
    book.lose(log, wallMs());
    options.onChanged();
    lookAtCopies(log);
  }

  /** A log is not there any more: its copies may have what was not read of it. */
  function lookAtCopies(log: TailedLog): void {
    for (const [path, named] of names.entries())
      if (named.kind === 'copy' && named.of === log) void names.examine(path);
  }

  function reopen(log: TailedLog): void {
    const [path] = log.names;
    if (path !== undefined) void names.examine(path);
    else if (log.goneSinceMs === undefined) lose(log);
  }

  function onRewritten(log: TailedLog): void {
    counts.truncations++;
    const { file, lastName } = log;
    endings.forget(log);
    book.lose(log, wallMs());
    const parts = { path: lastName, file, head: nothing, from: beginning, gzip: false };
    const fresh = book.add({ ...parts, nowMs: nowMs() });
    if (fresh === undefined) return openFiles.drop(log);
    openFiles.pass(log, fresh);
    for (const path of log.names) names.set(path, { kind: 'log', log: fresh });
    endings.check(fresh);
    lookAtCopies(log);
    options.onChanged();
    wake(fresh);
  }

  function onEnd(log: TailedLog, news: boolean): void {
    if (news) openFiles.touch(log);
    if (!log.ending) return;
    log.length = log.offset;
    openFiles.drop(log);
    endings.forget(log);
    if (log.names.size === 0) lose(log);
    options.onChanged();
  }

  function onFailed(log: TailedLog, { message }: NodeJS.ErrnoException): void {
    counts.unreadable++;
    const path = log.lastName;
    say(`unreadable ${path}`, { path, problem: message }, 'log cannot be read; tried again');
    openFiles.drop(log);
  }

  return {
    names,
    wake,
    begin: () => {
      const waiting = [...(held ?? [])].toSorted(byAge);
      held = undefined;
      for (const log of waiting) pump.wake(log);
    },
    lose,
    readAway: async (log, path) => {
      const opened = await openFile(path);
      if (opened.kind !== 'file') return false;
      if (!(await holds(opened, log))) {
        await closeFile(opened.fd);
        return false;
      }
      openFiles.hold(log, opened.fd);
      counts.resumed++;
      endings.check(log);
      wake(log);
      return true;
    },
    tick: () => {
      endings.tick();
      for (const path of names.unclear()) void names.examine(path);
    },
    close: async () => {
      await names.settled();
      await Promise.all([pump.settled(), archives.settled()]);
      openFiles.dropAll();
    },
  };
}

function byAge(a: TailedLog, b: TailedLog): number {
  const [folderA, folderB] = [dirname(a.lastName), dirname(b.lastName)];
  if (folderA !== folderB) return folderA < folderB ? -1 : 1;
  const [nameA, nameB] = [
    parseRotatedName(basename(a.lastName)),
    parseRotatedName(basename(b.lastName)),
  ];
  if (nameA.plain !== nameB.plain) return nameA.plain < nameB.plain ? -1 : 1;
  return compareAge(nameA, nameB);
}
