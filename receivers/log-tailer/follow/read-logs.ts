import { basename, dirname } from 'node:path';
import type { Log } from '../../shared/log.ts';
import type { Chunk } from '../core/chunk.ts';
import { readArchive } from './archive.ts';
import { type FollowCounts, createCounts } from './counts.ts';
import { type OpenedFile, closeFile, openFile, readBytes } from './file.ts';
import { findFiles } from './find-files.ts';
import { parseGlob } from './glob.ts';
import { formOf } from './gunzip.ts';
import { type TailedLog, beginning, newLog } from './log.ts';
import { nothing } from './print.ts';
import { type Pump, createPump } from './pump.ts';
import { compareAge, parseRotatedName } from './rotated-name.ts';
import { createSayOnce } from './say-once.ts';

export interface ReadOptions {
  readonly globs: readonly string[];
  /** As in following. */
  readonly onChunk: (chunk: Chunk) => void | Promise<void>;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Default 262,144. */
  readonly chunkBytes?: number;
}

/**
 * Reads the logs of the globs once, whole, each family oldest first, a file at a time; resolves when all is handed on or the signal
 * ended. Rejects with a ConfigError for a glob that is none, and with what `onChunk` threw.
 */
export async function readLogs(options: ReadOptions): Promise<FollowCounts> {
  const { chunkBytes = 262_144, log } = options;
  const counts = createCounts();
  const say = createSayOnce(log);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.signal]);
  let broken: { readonly error: unknown } | undefined;
  let finished: () => void = () => undefined;
  const pump: Pump = createPump({
    onChunk: options.onChunk,
    counts,
    chunkBytes,
    signal,
    local: false,
    nowMs: () => performance.now(),
    reopen: () => undefined,
    onRewritten: () => finished(),
    onEnd: () => finished(),
    onFailed: ({ path }, { message }) => {
      counts.unreadable++;
      say(path, { path, problem: message }, 'log cannot be read');
      finished();
    },
    onBroken: (error) => {
      broken ??= { error };
      stop.abort();
      finished();
    },
  });

  const paths = await findAll();
  const seen = new Set<string>();
  for (const [index, path] of paths.entries()) {
    if (signal.aborted) break;
    await readOne(path, String(index + 1));
  }
  await pump.settled();
  if (broken !== undefined) throw broken.error;
  return counts;

  async function findAll(): Promise<string[]> {
    const found = new Set<string>();
    for (const text of options.globs) {
      const files = await findFiles(parseGlob(text), (folder, { message }) => {
        counts.unreadable++;
        say(folder, { folder, problem: message }, 'directory cannot be read');
      });
      if (files.length === 0) log.warn({ glob: text }, 'no file matches');
      for (const path of files) found.add(path);
    }
    return oldestFirst(found);
  }

  async function readOne(path: string, id: string): Promise<void> {
    const opened = await openFile(path);
    if (opened.kind === 'file') return readFile(path, id, opened);
    counts.unreadable++;
    const problem = opened.kind === 'unreadable' ? opened.error.message : opened.kind;
    say(path, { path, problem }, 'log cannot be read');
  }

  async function readFile(path: string, id: string, opened: OpenedFile): Promise<void> {
    const { fd, file } = opened;
    try {
      const form = formOf(await readBytes(fd, 0, 6));
      if (seen.has(file)) return;
      seen.add(file);
      const tailed = newLog({
        id,
        path,
        file,
        head: nothing,
        from: beginning,
        gzip: false,
        nowMs: 0,
      });
      if (form === 'plain') await readPlain({ ...tailed, fd, ending: true });
      else if (form === 'gzip') await readCompressed(tailed, fd);
      else refuse(path, 'only gzip is read');
    } finally {
      await closeFile(fd);
    }
  }

  async function readPlain(tailed: TailedLog): Promise<void> {
    const end = new Promise<void>((resolve) => {
      finished = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    pump.wake(tailed);
    await end;
    await pump.settled();
  }

  async function readCompressed(tailed: TailedLog, fd: number): Promise<void> {
    const end = await readArchive({
      fd,
      from: beginning,
      buffer: Buffer.allocUnsafeSlow(chunkBytes),
      onLines: async ({ offset, bytes }) => {
        await pump.handOn(tailed, offset, bytes);
        return !signal.aborted;
      },
    });
    if (end.kind === 'broken off') refuse(tailed.path, 'it breaks off');
    if (end.kind === 'damaged') refuse(tailed.path, end.problem);
  }

  function refuse(path: string, problem: string): void {
    counts.damaged++;
    say(path, { path, problem }, 'compressed log is damaged, or of another form');
  }
}

/** Family by family; of a file and its own compressed copy the file alone. */
function oldestFirst(paths: ReadonlySet<string>): string[] {
  return [...paths]
    .filter((path) => !path.endsWith('.gz') || !paths.has(path.slice(0, -'.gz'.length)))
    .map((path) => ({ path, folder: dirname(path), name: parseRotatedName(basename(path)) }))
    .toSorted((a, b) => {
      if (a.folder !== b.folder) return a.folder < b.folder ? -1 : 1;
      if (a.name.plain !== b.name.plain) return a.name.plain < b.name.plain ? -1 : 1;
      return compareAge(a.name, b.name);
    })
    .map(({ path }) => path);
}
