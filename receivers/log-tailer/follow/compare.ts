import { type OpenedFile, readAnchor, readBytes, sizeOf } from './file.ts';
import type { TailedLog } from './log.ts';
import { anchorBytes, beginsWith, headBytes } from './print.ts';

/** What a file is to a log. */
export type Likeness =
  /** It has the log's bytes, and reading can go on in it. */
  | 'goes on'
  /** It has the log's bytes as far as it goes, which is not beyond what was read. */
  | 'copy'
  /** It is too short to say, or the log is just changing. */
  | 'unclear'
  | 'another';

/** Whether a file reads as the log did, up to where the log was read. */
export async function holds({ fd, bytes }: OpenedFile, log: TailedLog): Promise<boolean> {
  if (bytes < Math.max(log.offset, log.head.bytes)) return false;
  const head = await readBytes(fd, 0, log.head.bytes);
  if (!beginsWith(head, log.head)) return false;
  return (await readAnchor(fd, log.offset)).hash === log.anchor.hash;
}

/** A file beside a log that has no open file. */
export async function compareToClosed(file: OpenedFile, log: TailedLog): Promise<Likeness> {
  if (log.head.bytes === 0) return 'another';
  if (file.bytes < log.head.bytes) return 'unclear';
  const head = await readBytes(file.fd, 0, log.head.bytes);
  if (!beginsWith(head, log.head)) return 'another';
  if (file.bytes < log.offset) return 'copy';
  return (await readAnchor(file.fd, log.offset)).hash === log.anchor.hash ? 'goes on' : 'another';
}

/** A file beside a log whose file is open: as far as the shorter of both goes. */
export async function compareToOpen(
  file: OpenedFile,
  log: TailedLog & { readonly fd: number },
): Promise<Likeness> {
  const size = await sizeOf(log.fd);
  const both = Math.min(size, file.bytes);
  if (both > 0 && (await sameBytes(file.fd, log.fd, both)))
    return file.bytes > size ? 'unclear' : 'copy';
  // Asked after the bytes: a log that is truncated meanwhile must not make its own copy another log.
  const untouched = await holds({ ...file, fd: log.fd, bytes: await sizeOf(log.fd) }, log);
  return untouched ? 'another' : 'unclear';
}

/** Compares the first bytes and the last before `end`. */
async function sameBytes(a: number, b: number, end: number): Promise<boolean> {
  for (const [from, to] of [
    [0, Math.min(end, headBytes)],
    [Math.max(0, end - anchorBytes), end],
  ] as const) {
    const [here, there] = await Promise.all([a, b].map((fd) => readBytes(fd, from, to - from)));
    if (here === undefined || there?.equals(here) !== true) return false;
  }
  return true;
}
