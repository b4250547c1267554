import { closeSync, constants, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

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
/** So many records are read before others have their turn. */
const turnRecords = 256;
const pollMs = 200;
const newline = 0x0a;

/** Reads the kernel's ring buffer, and what comes, until the signal. Never rejects. */
export async function followKmsg(options: FollowKmsgOptions): Promise<void> {
  const { path, signal, onProblem } = options;
  let device: number | undefined;
  try {
    // Without the flag a read would wait until the kernel says something.
    device = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    await readRecords(device, options);
  } catch (caught) {
    if (!signal.aborted) onProblem(messageOf(caught));
  } finally {
    if (device !== undefined) closeSync(device);
  }
}

async function readRecords(
  device: number,
  { path, signal, onChunk }: FollowKmsgOptions,
): Promise<void> {
  const buffer = Buffer.alloc(recordBytes);
  let offset = 0;
  for (let records = 1; !signal.aborted; records++) {
    const read = nextRecord(device, buffer);
    if (read === 'none') await sleep(pollMs, signal);
    else if (records % turnRecords === 0) await nextTurn();
    if (typeof read !== 'number') continue;
    const bytes = firstLine(buffer.subarray(0, read));
    onChunk({ log: path, path, offset, bytes });
    offset += bytes.length;
  }
}

/** `overwritten`: records were lost before they were read; the next read goes on behind them. */
function nextRecord(device: number, buffer: Buffer): number | 'none' | 'overwritten' {
  try {
    return readSync(device, buffer) || 'none';
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
