import { basename } from 'node:path';
import type { Archives } from './archives.ts';
import type { Book } from './book.ts';
import { type Likeness, compareToClosed, compareToOpen, holds } from './compare.ts';
import type { FollowCounts } from './counts.ts';
import { type OpenedFile, readAnchor, readBytes, readHead } from './file.ts';
import { createInTurn } from './in-turn.ts';
import { formOf, gunzipHead, statedLength } from './gunzip.ts';
import { type NewLog, type TailedLog, beginning } from './log.ts';
import type { Mark } from './marks.ts';
import type { Named, Recognised, Why } from './names.ts';
import type { OpenFiles } from './open-files.ts';
import type { FollowTimes } from './options.ts';
import { beginsWith, headBytes, printOf } from './print.ts';
import { parseRotatedName, plainPath } from './rotated-name.ts';

export interface RecogniseOptions {
  readonly book: Book;
  readonly openFiles: OpenFiles;
  readonly archives: Archives;
  readonly counts: FollowCounts;
  readonly times: FollowTimes;
  readonly nowMs: () => number;
  readonly wallMs: () => number;
  readonly wake: (log: TailedLog) => void;
  /** Where a log is read from that nothing is known of. */
  readonly startAt: () => 'beginning' | 'end';
  /** A log is superseded: no file holds it any more. */
  readonly onLost: (log: TailedLog) => void;
  /** A file is left out because too many logs are known. */
  readonly onTooMany: (path: string) => void;
  /** A file is left out because of how it is written. */
  readonly onRefused: (path: string) => void;
}

/** Says what a file is, and has it read from where that begins. */
export type Recognise = (
  path: string,
  file: OpenedFile,
  before: Named | undefined,
) => Promise<Recognised>;

export function createRecognise(options: RecogniseOptions): Recognise {
  const { book, openFiles, archives, counts, nowMs, wallMs, wake } = options;
  const { unclearMs, writtenMs } = options.times;
  const inTurn = createInTurn();
  /** Paths of compressed files that are being read. */
  const reading = new Set<string>();

  // Two names of one file are one log, and of two new files of a family one may be a copy of the other.
  return (path, file, before) =>
    inTurn(file.file, () => inTurn(plainPath(path), () => recognise(path, file, before)));

  async function recognise(
    path: string,
    file: OpenedFile,
    before: Named | undefined,
  ): Promise<Recognised> {
    const form = formOf(await readBytes(file.fd, 0, 6));
    const known = book.byFile(file.file) ?? movedDevice(path, file);
    if (known !== undefined) {
      const resumed = await resume(path, file, known, form === 'gzip');
      if (resumed !== undefined) return resumed;
      if (known.head.bytes > 0) counts.truncations++;
      book.lose(known, wallMs());
      options.onLost(known);
    }
    const { rotated } = parseRotatedName(basename(path));
    if (form === 'not read') return refuse(path, before);
    if (rotated && file.bytes === 0) return nothing('empty');
    if (form === 'gzip') return recogniseArchive(path, file, before);
    const original = rotated ? await findOriginal(path, file, before) : undefined;
    return original ?? create(path, file);
  }

  /** The same file on a device that has another number since the machine started anew. */
  function movedDevice(path: string, { file }: OpenedFile): TailedLog | undefined {
    const inode = file.slice(file.indexOf(':'));
    return book
      .family(path)
      .find((log) => log.fd === undefined && log.lastName === path && log.file.endsWith(inode));
  }

  async function resume(
    path: string,
    file: OpenedFile,
    log: TailedLog,
    gzip: boolean,
  ): Promise<Recognised | undefined> {
    if (log.fd !== undefined) {
      wake(log);
      return { kind: 'log', log, kept: false };
    }
    // Of a log that had nothing, its inode alone says nothing.
    if (log.head.bytes === 0) return undefined;
    if (gzip) return resumeArchive(path, file, log);
    if (!(await holds(file, log))) return undefined;
    return goOn(file, log);
  }

  async function resumeArchive(
    path: string,
    file: OpenedFile,
    log: TailedLog,
  ): Promise<Recognised | undefined> {
    if (isBusy(path, file)) return nothing('unclear');
    const head = await gunzipHead(file.fd);
    if (!beginsWith(head, log.head)) return undefined;
    const done = log.length !== undefined && log.offset >= log.length;
    if (done) return settleArchive(file, log);
    log.gzip = true;
    return startArchive(path, file, [...new Set([log, ...logsAlike(path, head)])], head);
  }

  /** The compressed file holds a log that was read to its end. */
  function settleArchive(file: OpenedFile, log: TailedLog): Recognised {
    book.move(log, file.file);
    log.gzip = true;
    return { kind: 'log', log, kept: false };
  }

  /** It is being read, or being written. */
  function isBusy(path: string, file: OpenedFile): boolean {
    const ageMs = wallMs() - file.modifiedMs;
    return reading.has(path) || (ageMs >= 0 && ageMs < writtenMs);
  }

  /** The file holds the log. */
  function goOn(file: OpenedFile, log: TailedLog): Recognised {
    if (log.names.size === 0) counts.resumed++;
    book.move(log, file.file);
    Object.assign(log, { length: undefined, ending: false, gzip: false, activeMs: nowMs() });
    openFiles.hold(log, file.fd);
    wake(log);
    return { kind: 'log', log, kept: true };
  }

  async function findOriginal(
    path: string,
    file: OpenedFile,
    before: Named | undefined,
  ): Promise<Recognised | undefined> {
    let unclear = false;
    for (const log of book.family(path)) {
      switch (await compare(file, log)) {
        case 'goes on':
          return log.names.size === 0 ? goOn(file, log) : copyOf(log, before);
        case 'copy':
          await knowByCopy(file, log);
          return copyOf(log, before);
        case 'unclear':
          unclear = true;
          wake(log);
          break;
        case 'another':
      }
    }
    return unclear && mayWait(before) ? nothing('unclear') : undefined;
  }

  /** It is not unclear for long yet. */
  function mayWait(before: Named | undefined): boolean {
    const unclear = before?.kind === 'nothing' && before.why === 'unclear';
    return !unclear || nowMs() - before.sinceMs < unclearMs;
  }

  /** A log that is truncated before anything was read of it is known by what its copy begins with. */
  async function knowByCopy({ fd }: OpenedFile, log: TailedLog): Promise<void> {
    if (log.fd === undefined || log.head.bytes === headBytes) return;
    const head = await readHead(fd);
    if (head.bytes > log.head.bytes) log.head = head;
  }

  async function recogniseArchive(
    path: string,
    file: OpenedFile,
    before: Named | undefined,
  ): Promise<Recognised> {
    if (isBusy(path, file)) return nothing('unclear');
    const head = await gunzipHead(file.fd);
    const stated = await statedLength(file.fd, file.bytes);
    const cut = head.length < headBytes && head.length !== stated;
    if (cut && mayWait(before)) return nothing('unclear');
    if (head.length === 0) return refuse(path, before);
    await knowHeads(path);
    const alike = logsAlike(path, head);
    const there = alike.find((log) => log.names.size > 0 || log.fd !== undefined);
    if (there !== undefined) return copyOf(there, before);
    const ended = alike.find(({ length }) => length !== undefined && length % 2 ** 32 === stated);
    if (ended === undefined) return startArchive(path, file, alike, head);
    counts.copies++;
    return settleArchive(file, ended);
  }

  /** What was written to an open file and not read yet may have been compressed already. */
  async function knowHeads(path: string): Promise<void> {
    for (const log of book.family(path)) {
      const { fd } = log;
      if (fd === undefined || log.head.bytes === headBytes) continue;
      const bytes = await readBytes(fd, 0, headBytes);
      if (log.fd === fd && bytes.length > log.head.bytes && beginsWith(bytes, log.head))
        log.head = printOf(bytes);
    }
  }

  /** Those that begin as the file does; where one of them had its name, no other. */
  function logsAlike(path: string, head: Buffer): TailedLog[] {
    const alike = book
      .family(path)
      .filter((log) => log.head.bytes > 0 && beginsWith(head, log.head));
    const sources = alike.filter((log) => path === `${log.lastName}.gz`);
    return sources.length > 0 ? sources : alike;
  }

  function startArchive(
    path: string,
    file: OpenedFile,
    logs: readonly TailedLog[],
    head: Buffer,
  ): Recognised {
    reading.add(path);
    archives.read({
      path,
      file: file.file,
      fd: file.fd,
      logs,
      newLog: () =>
        add({
          path,
          file: file.file,
          head: printOf(head.subarray(0, headBytes)),
          from: beginning,
          gzip: true,
          nowMs: nowMs(),
        }),
      onDone: () => reading.delete(path),
    });
    return { kind: 'nothing', why: 'unclear', kept: true };
  }

  async function create(path: string, file: OpenedFile): Promise<Recognised> {
    const from = options.startAt() === 'end' ? await lastLine(file) : beginning;
    const rotation = book
      .family(path)
      .some((log) => log.path === path && log.goneSinceMs === undefined);
    const head = await readHead(file.fd);
    const log = add({ path, file: file.file, head, from, gzip: false, nowMs: nowMs() });
    if (log === undefined) return nothing('too many');
    if (rotation) counts.rotations++;
    openFiles.hold(log, file.fd);
    wake(log);
    return { kind: 'log', log, kept: true };
  }

  function add(log: Omit<NewLog, 'id'>): TailedLog | undefined {
    const added = book.add(log);
    if (added === undefined) {
      counts.tooMany++;
      options.onTooMany(log.path);
    }
    return added;
  }

  function copyOf(log: TailedLog, before: Named | undefined): Recognised {
    if (before?.kind !== 'copy') counts.copies++;
    return { kind: 'copy', of: log };
  }

  function refuse(path: string, before: Named | undefined): Recognised {
    if (before?.kind !== 'nothing' || before.why !== 'not read') {
      counts.damaged++;
      options.onRefused(path);
    }
    return nothing('not read');
  }
}

function compare(file: OpenedFile, log: TailedLog): Promise<Likeness> {
  const { fd } = log;
  return fd === undefined ? compareToClosed(file, log) : compareToOpen(file, { ...log, fd });
}

function nothing(why: Why): Recognised {
  return { kind: 'nothing', why, kept: false };
}

/** Where the last line begins that is not finished, so far as it is not very long. */
async function lastLine({ fd, bytes }: OpenedFile): Promise<Mark> {
  const end = await readBytes(fd, Math.max(0, bytes - lookBackBytes), lookBackBytes);
  const whole = end.lastIndexOf(0x0a) + 1;
  const offset = bytes - (whole === 0 ? 0 : end.length - whole);
  return { offset, anchor: await readAnchor(fd, offset) };
}

const lookBackBytes = 65_536;
