import { dirname } from 'node:path';
import { createSemaphore } from '../../shared/semaphore.ts';
import type { Book } from './book.ts';
import { closeFile, linkTarget, openFile, type Opened, type OpenedFile } from './file.ts';
import type { TailedLog } from './log.ts';
import { plainPath } from './rotated-name.ts';

/** What a path of the globs stands for. */
export type Named =
  | { readonly kind: 'log'; readonly log: TailedLog }
  /** Not read, for the log is there itself. */
  | { readonly kind: 'copy'; readonly of: TailedLog }
  /** Looked at again when it changes. */
  | { readonly kind: 'nothing'; readonly why: Why; readonly sinceMs: number };

export type Why = 'empty' | 'unclear' | 'unreadable' | 'no file' | 'not read' | 'too many';

export interface NamesOptions {
  readonly book: Book;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly recognise: (
    path: string,
    file: OpenedFile,
    before: Named | undefined,
  ) => Promise<Recognised>;
  readonly onLink: (path: string, target: string | undefined) => void;
  /** A log got or lost a name. */
  readonly onNames: (log: TailedLog) => void;
  readonly onUnreadable: (path: string, error: NodeJS.ErrnoException) => void;
  /** No more files can be opened. */
  readonly onTooManyOpen: (path: string) => void;
}

/** What a file is; `kept`: its descriptor is in use. */
export type Recognised =
  | { readonly kind: 'log'; readonly log: TailedLog; readonly kept: boolean }
  | { readonly kind: 'copy'; readonly of: TailedLog }
  | { readonly kind: 'nothing'; readonly why: Why; readonly kept: boolean };

/** What stands under the paths of the globs, and finds out where that changed. */
export interface Names {
  readonly get: (path: string) => Named | undefined;
  readonly entries: () => Iterable<[string, Named]>;
  /** Paths in a directory that are something. */
  readonly within: (folder: string) => Iterable<string>;
  /** Paths that are to be looked at again. */
  readonly unclear: () => Iterable<string>;
  readonly set: (path: string, named: Named) => void;
  /** Looks at a path; while that is under way, once more after that. */
  readonly examine: (path: string) => Promise<void>;
  readonly settled: () => Promise<void>;
}

const atOnce = 8;

export function createNames(options: NamesOptions): Names {
  const { book, signal, nowMs } = options;
  const names = new Map<string, Named>();
  const folders = new Map<string, Set<string>>();
  const unclear = new Set<string>();
  const running = new Map<string, { again: boolean; readonly done: Promise<void> }>();
  const places = createSemaphore(atOnce);

  function set(path: string, named: Named): void {
    const before = names.get(path);
    names.set(path, named);
    if (named.kind === 'nothing' && named.why === 'unclear') unclear.add(path);
    else unclear.delete(path);
    const folder = folders.get(dirname(path)) ?? new Set();
    folders.set(dirname(path), folder.add(path));
    const log = logOf(named);
    if (logOf(before) !== log) unname(path, before);
    if (log === undefined) return;
    book.name(log, path);
    options.onNames(log);
  }

  function remove(path: string): void {
    const before = names.get(path);
    if (before === undefined) return;
    names.delete(path);
    unclear.delete(path);
    const folder = folders.get(dirname(path));
    folder?.delete(path);
    if (folder?.size === 0) folders.delete(dirname(path));
    options.onLink(path, undefined);
    unname(path, before);
  }

  function unname(path: string, before: Named | undefined): void {
    const log = logOf(before);
    if (log?.names.delete(path) === true) options.onNames(log);
  }

  async function look(path: string): Promise<void> {
    if ((await places.acquire(signal)) === 'ended') return;
    try {
      await settle(path, await openFile(path));
    } finally {
      places.release();
    }
  }

  async function settle(path: string, opened: Opened): Promise<void> {
    switch (opened.kind) {
      case 'absent':
        return remove(path);
      case 'no file':
        return set(path, nothing(path, 'no file'));
      case 'too many open':
        options.onTooManyOpen(path);
        return set(path, nothing(path, 'unclear'));
      case 'unreadable':
        options.onUnreadable(path, opened.error);
        // A log that is open is read on although it cannot be opened again.
        if (names.get(path)?.kind !== 'log') set(path, nothing(path, 'unreadable'));
        return;
      case 'file':
        return recognise(path, opened);
    }
  }

  async function recognise(path: string, file: OpenedFile): Promise<void> {
    let kept = false;
    try {
      options.onLink(path, await linkTarget(path));
      const found = await options.recognise(path, file, names.get(path));
      kept = found.kind !== 'copy' && found.kept;
      set(path, found.kind === 'nothing' ? nothing(path, found.why) : found);
    } catch (caught) {
      options.onUnreadable(path, caught as NodeJS.ErrnoException);
      set(path, nothing(path, 'unreadable'));
    } finally {
      if (!kept) await closeFile(file.fd);
    }
  }

  function nothing(path: string, why: Why): Named {
    const before = names.get(path);
    const same = before?.kind === 'nothing' && before.why === why;
    return same ? before : { kind: 'nothing', why, sinceMs: nowMs() };
  }

  return {
    get: (path) => names.get(path),
    entries: () => names.entries(),
    within: (folder) => folders.get(folder) ?? [],
    unclear: () => unclear,
    set,
    examine,
    settled: async () => {
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };

  function examine(path: string): Promise<void> {
    const now = running.get(path);
    if (now !== undefined) {
      now.again = true;
      return now.done;
    }
    const run = { again: false, done: Promise.resolve() };
    running.set(path, run);
    return (run.done = lookUntilDone(path, run));
  }

  async function lookUntilDone(path: string, run: { again: boolean }): Promise<void> {
    do {
      run.again = false;
      await lookAtPlain(plainPath(path), path);
      await look(path);
    } while (run.again && !signal.aborted);
    running.delete(path);
  }

  /** What a file may be a copy of is looked at first: a rotation tells of its rotated names before that of the plain one. */
  async function lookAtPlain(plain: string, path: string): Promise<void> {
    if (plain === path) return;
    if (names.has(plain)) await examine(plain);
    else await running.get(plain)?.done;
  }
}

function logOf(named: Named | undefined): TailedLog | undefined {
  return named?.kind === 'log' ? named.log : undefined;
}
