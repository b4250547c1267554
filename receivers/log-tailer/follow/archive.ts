import { type Ended, gunzipFile } from './gunzip.ts';
import { createLineBuffer, type LineBuffer, type Lines } from './line-buffer.ts';
import type { Mark } from './marks.ts';
import { anchorBytes, printOf } from './print.ts';

export type ArchiveEnd =
  | Ended
  /** It does not read before `from` as the anchor says. */
  | { readonly kind: 'another log' }
  /** It ends before `from`. */
  | { readonly kind: 'shorter' };

export interface ArchiveOptions {
  readonly fd: number;
  /** Up to here it is passed over. */
  readonly from: Mark;
  readonly buffer: Buffer;
  /** Waits for the consumer; `false` stops. */
  readonly onLines: (lines: Lines) => Promise<boolean>;
}

/** Reads a compressed log from an offset on, in whole lines; offsets are those of the text. */
export async function readArchive({
  fd,
  from,
  buffer,
  onLines,
}: ArchiveOptions): Promise<ArchiveEnd> {
  let passed = 0;
  let before = Buffer.alloc(0);
  let lines: LineBuffer | undefined;
  let other = false;

  async function take(piece: Buffer): Promise<boolean> {
    let bytes = piece;
    if (lines === undefined) {
      const over = Math.min(bytes.length, from.offset - passed);
      before = tail(before, bytes.subarray(0, over));
      passed += over;
      bytes = bytes.subarray(over);
      if (passed < from.offset) return true;
      if (printOf(before).hash !== from.anchor.hash) return !(other = true);
      lines = createLineBuffer(buffer, from.offset, before);
    }
    for (;;) {
      bytes = bytes.subarray(lines.fill(bytes));
      if (bytes.length === 0) return true;
      const whole = lines.take('no room');
      if (whole !== undefined && !(await onLines(whole))) return false;
    }
  }

  const ended = await gunzipFile(fd, take);
  if (other) return { kind: 'another log' };
  if (ended.kind === 'ended' && passed < from.offset) return { kind: 'shorter' };
  // What a file that breaks off has after its last newline comes with the rest of that line.
  const rest = lines?.take(ended.kind === 'ended' ? 'never comes' : 'may come');
  if (rest !== undefined && ended.kind !== 'stopped' && !(await onLines(rest)))
    return { kind: 'stopped' };
  return ended;
}

function tail(before: Buffer, bytes: Buffer): Buffer<ArrayBuffer> {
  return Buffer.concat([before, bytes.subarray(-anchorBytes)]).subarray(-anchorBytes);
}
