import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

import { sleep } from '../../shared/deadline.ts';
import { messageOf } from '../../shared/errors.ts';
import type { Chunk } from '../core/chunk.ts';

export interface FollowKmsgOptions {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onChunk: (chunk: Chunk) => void;
  /** Told why it cannot be read. */
  readonly onProblem: (problem: string) => void;
}

/** The longest record that the kernel gives at once. */
const recordBytes = 8192;
const pollMs = 200;
const newline = 0x0a;

/** Reads the kernel's ring buffer, and what comes, until the signal. Never rejects. */
export async function followKmsg(options: FollowKmsgOptions): Promise<void> {
  const { path, signal, onProblem } = options;
  let device: FileHandle | undefined;
  try {
    // Without the flag a read would hold a thread until the kernel says something.
    device = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    await readRecords(device, options);
  } catch (caught) {
    if (!signal.aborted) onProblem(messageOf(caught));
  } finally {
    await device?.close();
  }
}

async function readRecords(
  device: FileHandle,
  { path, signal, onChunk }: FollowKmsgOptions,
): Promise<void> {
  const buffer = Buffer.alloc(recordBytes);
  let offset = 0;
  while (!signal.aborted) {
    const read = await nextRecord(device, buffer);
    if (read === 'none') {
      await sleep(pollMs, signal);
      continue;
    }
    if (read === 'overwritten') continue;
    const bytes = firstLine(buffer.subarray(0, read));
    onChunk({ log: path, path, offset, bytes });
    offset += bytes.length;
  }
}

/** `overwritten`: records were lost before they were read; the next read goes on behind them. */
async function nextRecord(
  device: FileHandle,
  buffer: Buffer,
): Promise<number | 'none' | 'overwritten'> {
  try {
    const { bytesRead } = await device.read(buffer, 0, buffer.length, null);
    return bytesRead === 0 ? 'none' : bytesRead;
  } catch (caught) {
    const { code } = caught as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return 'none';
    if (code === 'EPIPE') return 'overwritten';
    throw caught;
  }
}

/** Below its line, a record has what else is known of the device. */
function firstLine(record: Buffer): Buffer {
  const end = record.indexOf(newline);
  return end < 0 ? record : record.subarray(0, end + 1);
}
