import { open, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { spansOf, type FileSpan } from './spans-file.ts';

const everyMs = 500;
const chunkBytes = 1 << 20;

export interface SpanFollower {
  /** Resolves when what was in the file at the call has been told, and stops. */
  close(): Promise<void>;
}

/** Tells each span that is written to the file at `path` from now on, across its rotations, within a second. */
export async function followSpans(
  path: string,
  tell: (span: FileSpan) => void,
): Promise<SpanFollower> {
  let file = await open(path);
  let at = (await file.stat()).size;
  let rest = Buffer.alloc(0);
  const stop = new AbortController();

  async function readOn(): Promise<void> {
    for (;;) {
      const { bytesRead, buffer } = await file.read({
        buffer: Buffer.alloc(chunkBytes),
        position: at,
      });
      if (bytesRead === 0) return;
      at += bytesRead;
      const text = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = text.lastIndexOf(0x0a) + 1;
      rest = text.subarray(end);
      for (const line of text.toString('utf8', 0, end).split('\n')) spansOf(line).forEach(tell);
    }
  }

  /** The file that is now at the path, where the old one has been rotated away. */
  async function rotated(): Promise<FileHandle | undefined> {
    const [now, ours] = await Promise.all([stat(path).catch(() => undefined), file.stat()]);
    return now === undefined || now.ino === ours.ino ? undefined : open(path);
  }

  async function round(): Promise<void> {
    const next = await rotated();
    await readOn();
    if (next === undefined) return;
    await file.close();
    [file, at, rest] = [next, 0, Buffer.alloc(0)];
    await readOn();
  }

  async function follow(): Promise<void> {
    while (!stop.signal.aborted) {
      await round();
      await delay(everyMs, undefined, { signal: stop.signal }).catch(() => {});
    }
    await round();
    await file.close();
  }

  const following = follow();
  following.catch(() => {});
  return {
    close: () => {
      stop.abort();
      return following;
    },
  };
}
