import type { FollowCounts } from './counts.ts';
import { cutLines } from './cut.ts';
import { readAt, readAtOnce, readBytes, sizeOf } from './file.ts';
import type { TailedLog } from './log.ts';
import { anchorBytes, beginsWith, headBytes, printOf } from './print.ts';

/** What one read of a log gave. */
export type Step =
  /** `bytes` stand at `offset`, and may be none; `more`: the end of the file was not reached. */
  | {
      readonly kind: 'read';
      readonly offset: number;
      readonly bytes: Buffer;
      readonly more: boolean;
    }
  /** What lies before the offset is not what was read. */
  | { readonly kind: 'rewritten' }
  | { readonly kind: 'failed'; readonly error: NodeJS.ErrnoException };

/** Reads once from where the log is, and moves it by what is to be handed on. */
export async function readStep(
  log: TailedLog & { readonly fd: number },
  buffer: Buffer,
  counts: FollowCounts,
): Promise<Step> {
  const { offset, anchor, fd, ending } = log;
  try {
    const position = offset - anchor.bytes;
    const bytesRead = log.hot
      ? readAtOnce(fd, buffer, position)
      : await readAt(fd, buffer, position);
    const got = buffer.subarray(0, bytesRead);
    const fromStart = offset === anchor.bytes;
    if (!beginsWith(got, anchor) || (fromStart && !beginsWith(got, log.head)))
      return { kind: 'rewritten' };
    if (fromStart) log.head = printOf(got.subarray(0, headBytes));
    const full = got.length === buffer.length;
    const rest = full ? 'no room' : ending ? 'never comes' : 'may come';
    let fresh = got.subarray(anchor.bytes);
    if (log.onlyZeros && fresh[0] === 0) {
      const zeros = await skippedZeros(fd, fresh);
      counts.zeroBytes += zeros;
      fresh = fresh.subarray(zeros);
      log.offset += zeros;
    }
    const cut = cutLines(fresh, rest);
    const bytes = fresh.subarray(0, cut.bytes);
    const from = log.offset;
    if (log.offset !== offset || bytes.length > 0) {
      log.offset += bytes.length;
      const before = got.subarray(0, got.length - fresh.length + bytes.length);
      log.anchor = printOf(before.subarray(Math.max(0, before.length - anchorBytes)));
    }
    if (bytes.length > 0) {
      log.onlyZeros = false;
      if (cut.piece && !log.withinLine) counts.longLines++;
      log.withinLine = cut.piece;
    }
    if (log.head.bytes < Math.min(headBytes, log.offset)) await lengthenHead(log, fd);
    const lagBytes = full
      ? Math.max(0, (await sizeOf(fd)) - log.offset)
      : fresh.length - bytes.length;
    counts.lagBytes += lagBytes - log.lagBytes;
    log.lagBytes = lagBytes;
    return { kind: 'read', offset: from, bytes, more: full };
  } catch (caught) {
    return { kind: 'failed', error: caught as NodeJS.ErrnoException };
  }
}

/**
 * How many zeros at the beginning are the hole that a writer leaves which goes on at its old offset after a truncation:
 * none where the file ends with zeros, too, for then it was made longer than what is written yet.
 */
async function skippedZeros(fd: number, bytes: Buffer): Promise<number> {
  const size = await sizeOf(fd);
  const [last] = await readBytes(fd, size - 1, 1);
  if (last === undefined || last === 0) return 0;
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? bytes.length : first;
}

/** It was read from its middle on while it was short. */
async function lengthenHead(log: TailedLog, fd: number): Promise<void> {
  const bytes = await readBytes(fd, 0, headBytes);
  if (beginsWith(bytes, log.head)) log.head = printOf(bytes);
}
