import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { headBytes } from '../../../../../../receivers/log-tailer/follow/print.ts';

/** A file of the schedule, and the lines that can be read from it. */
export interface WorldFile {
  /** Undefined: it was deleted. */
  path: string | undefined;
  readonly lines: Set<number>;
  /** Not made as a copy of another. */
  readonly original: boolean;
  /** Device and inode. */
  readonly key: string;
  /** When something was last written to it, or it was renamed. */
  touchedMs: number;
}

interface Writer {
  readonly path: string;
  fd: number;
  file: WorldFile;
  /** The rest of a line, without its newline. */
  pending: { readonly line: number; readonly rest: string } | undefined;
}

/** What the schedule does to the file system. */
export interface World {
  readonly files: () => readonly WorldFile[];
  /** All lines that were written, whole or not. */
  readonly written: () => ReadonlySet<number>;
  /** Lines whose halves went to different places: nobody can read them as one. */
  readonly torn: () => ReadonlySet<number>;
  /** The line that is half written, in any log. */
  readonly pending: () => number[];
  readonly write: (
    log: number,
    what: { lines: number; bytes: number; unfinished: boolean },
  ) => void;
  readonly rotate: (log: number, reopen: boolean) => void;
  readonly reopen: (log: number) => void;
  readonly copytruncate: (log: number, what: { between: number; pauseMs: number }) => Promise<void>;
  readonly truncate: (log: number) => void;
  readonly gzip: (log: number, which: number) => Promise<void>;
  readonly delete: (log: number, which: number) => void;
  readonly finish: () => void;
  readonly close: () => void;
}

export interface WorldEvents {
  /** What a file holds is about to be destroyed. */
  readonly onTruncate: (file: WorldFile) => void;
  readonly onDelete: (file: WorldFile) => void;
  /** A line is about to be written, or the rest of one. */
  readonly onWrite: (file: WorldFile, line: number) => void;
  /** A copy of which it cannot be told for sure that it is one. */
  readonly onUnsureCopy: (file: WorldFile) => void;
  /** It has a rotated name from now on, and had the plain one. */
  readonly onRotated: (file: WorldFile) => void;
}

/** Rotated files that are kept; the next is deleted. */
const kept = 3;
/** A copy that takes longer may be taken for whole before it is: this process had no turn meanwhile. */
const slowMs = 100;

export function createWorld(folder: string, events: WorldEvents): World {
  const files: WorldFile[] = [];
  const torn = new Set<number>();
  const written = new Set<number>();
  let nextLine = 1;
  const writers = [0, 1].map((log) => createWriter(`${folder}/${log === 0 ? 'a' : 'b'}.log`));

  function createWriter(path: string): Writer {
    const { fd, file } = openLog(path);
    return { path, fd, file, pending: undefined };
  }

  function openLog(path: string): { fd: number; file: WorldFile } {
    const known = fileAt(path);
    const fd = openSync(path, 'a');
    if (known !== undefined) return { fd, file: known };
    return { fd, file: addFile(path, fd, { lines: [], original: true }) };
  }

  function addFile(
    path: string,
    fd: number,
    { lines, original }: { lines: Iterable<number>; original: boolean },
  ): WorldFile {
    const { dev, ino } = fstatSync(fd);
    const file: WorldFile = {
      path,
      lines: new Set(lines),
      original,
      key: `${dev}:${ino}`,
      touchedMs: performance.now(),
    };
    files.push(file);
    return file;
  }

  function fileAt(path: string): WorldFile | undefined {
    return files.find((file) => file.path === path);
  }

  function rotatedPath(log: number, which: number): string | undefined {
    const path = writers[log]?.path ?? '';
    if (which === 0) return existsSync(path) ? path : undefined;
    return [`${path}.${which}`, `${path}.${which}.gz`].find((name) => existsSync(name));
  }

  function writer(log: number): Writer {
    const found = writers[log];
    if (found === undefined) throw new Error(`no log ${log}`);
    return found;
  }

  function append(to: Writer, text: string): void {
    writeSync(to.fd, text);
    to.file.touchedMs = performance.now();
  }

  function finishLine(to: Writer): void {
    if (to.pending === undefined) return;
    events.onWrite(to.file, to.pending.line);
    append(to, `${to.pending.rest}\n`);
    to.pending = undefined;
  }

  function writeLines(
    to: Writer,
    what: { lines: number; bytes: number; unfinished: boolean },
  ): void {
    let text = '';
    const lines: number[] = [];
    for (let index = 0; index < what.lines; index++) {
      const line = nextLine++;
      lines.push(line);
      text += `${line}:${payload(line, what.bytes)}:${line}\n`;
    }
    for (const line of lines) events.onWrite(to.file, line);
    finishLine(to);
    for (const line of lines) {
      written.add(line);
      to.file.lines.add(line);
    }
    const last = lines.at(-1);
    if (what.unfinished && last !== undefined) {
      const half = text.length - 1 - Math.ceil((what.bytes + 4) / 2);
      to.pending = { line: last, rest: text.slice(half, -1) };
      text = text.slice(0, half);
    }
    append(to, text);
  }

  /** Appends the second half of a copy, a little later. */
  async function finishCopy(
    path: string,
    rest: Buffer,
    lines: Iterable<number>,
  ): Promise<WorldFile> {
    const fd = openSync(path, 'a');
    const file = addFile(path, fd, { lines, original: false });
    await delay(0);
    appendFileSync(fd, rest);
    closeSync(fd);
    if (performance.now() - file.touchedMs > slowMs) events.onUnsureCopy(file);
    file.touchedMs = performance.now();
    return file;
  }

  function shift(log: number): void {
    const path = writer(log).path;
    for (let which = kept; which >= 1; which--) {
      const from = rotatedPath(log, which);
      if (from === undefined) continue;
      if (which === kept) remove(from);
      else move(from, from.replace(`${path}.${which}`, `${path}.${which + 1}`));
    }
  }

  function move(from: string, to: string): WorldFile | undefined {
    const file = fileAt(from);
    renameSync(from, to);
    if (file !== undefined) {
      file.path = to;
      file.touchedMs = performance.now();
    }
    return file;
  }

  function remove(path: string): void {
    const file = fileAt(path);
    if (file !== undefined) events.onDelete(file);
    unlinkSync(path);
    if (file !== undefined) file.path = undefined;
  }

  function tear(to: Writer): void {
    if (to.pending !== undefined) torn.add(to.pending.line);
    to.pending = undefined;
  }

  function reopen(log: number): void {
    const to = writer(log);
    finishLine(to);
    closeSync(to.fd);
    Object.assign(to, openLog(to.path));
  }

  function truncate(to: Writer): void {
    if (existsSync(to.path)) {
      events.onTruncate(to.file);
      tear(to);
      ftruncateSync(to.fd, 0);
      to.file.lines.clear();
    }
  }

  return {
    files: () => files,
    written: () => written,
    torn: () => torn,
    pending: () => writers.flatMap(({ pending }) => (pending === undefined ? [] : [pending.line])),
    write: (log, what) => writeLines(writer(log), what),
    reopen,
    rotate: (log, andReopen) => {
      const to = writer(log);
      if (!existsSync(to.path)) return;
      shift(log);
      const file = move(to.path, `${to.path}.1`);
      if (file !== undefined) events.onRotated(file);
      if (andReopen) reopen(log);
    },
    copytruncate: async (log, { between, pauseMs }) => {
      const to = writer(log);
      // A writer that has not opened its new file has nothing to be copied there.
      if (to.file.path !== to.path) return;
      shift(log);
      const copy = `${to.path}.1`;
      const bytes = readFileSync(to.path);
      const lines = [...to.file.lines].filter((line) => line !== to.pending?.line);
      const half = bytes.length >> 1;
      writeFileSync(copy, bytes.subarray(0, half));
      const file = await finishCopy(copy, bytes.subarray(half), lines);
      if (between > 0 && bytes.length < headBytes) events.onUnsureCopy(file);
      tear(to);
      if (between > 0) writeLines(to, { lines: between, bytes: 5, unfinished: false });
      await delay(pauseMs);
      truncate(to);
    },
    truncate: (log) => {
      const to = writer(log);
      if (to.file.path === to.path) truncate(to);
    },
    gzip: async (log, which) => {
      const path = `${writer(log).path}.${which}`;
      if (!existsSync(path)) return;
      const file = fileAt(path);
      if (file === undefined || writers.some((to) => to.file === file)) return;
      const bytes = gzipSync(readFileSync(path));
      const half = bytes.length >> 1;
      const { atime, mtime } = statSync(path);
      const compressed = `${path}.gz`;
      writeFileSync(compressed, bytes.subarray(0, half));
      await finishCopy(compressed, bytes.subarray(half), file.lines);
      utimesSync(compressed, atime, mtime);
      remove(path);
    },
    delete: (log, which) => {
      const path = rotatedPath(log, which);
      if (path !== undefined) remove(path);
    },
    finish: () => {
      for (const to of writers) finishLine(to);
    },
    close: () => {
      for (const { fd } of writers) closeSync(fd);
    },
  };
}

/** Unlike that of any other line: a log is told from what was written in its place by what stands before an offset. */
function payload(line: number, bytes: number): string {
  return `${line}.`.repeat(Math.ceil(bytes / 2)).slice(0, bytes);
}
