import type { Chunk } from '../core/chunk.ts';
import type { FollowCounts } from './counts.ts';
import type { TailedLog } from './log.ts';
import { addMark } from './marks.ts';
import { type Step, readStep } from './reader.ts';

export interface Pump {
  /** The file of the log changed: it is read soon, and until its end. */
  readonly wake: (log: TailedLog) => void;
  /** Hands on what was read elsewhere; `log.offset` and `log.anchor` are those of its end. Waits for its turn and the consumer. */
  readonly handOn: (log: TailedLog, offset: number, bytes: Buffer) => Promise<void>;
  /** Resolves when no read is under way and nothing is being handed on. */
  readonly settled: () => Promise<void>;
}

export interface PumpOptions {
  readonly onChunk: (chunk: Chunk) => void | Promise<void>;
  readonly counts: FollowCounts;
  readonly chunkBytes: number;
  readonly signal: AbortSignal;
  /** What was just written can be read without waiting for a disk or a network. */
  readonly local: boolean;
  readonly nowMs: () => number;
  /** A log with something to read has no open file. */
  readonly reopen: (log: TailedLog) => void;
  /** What lies before the offset of a log is not what was read. */
  readonly onRewritten: (log: TailedLog) => void;
  /** Its end was reached; `news`: something was read before that. */
  readonly onEnd: (log: TailedLog, news: boolean) => void;
  readonly onFailed: (log: TailedLog, error: NodeJS.ErrnoException) => void;
  /** The consumer threw. */
  readonly onBroken: (error: unknown) => void;
}

/** So many reads are under way at most: one is read while the other is with the consumer. */
const lanes = 2;

/** Reads logs that changed, each a buffer a turn, and hands on one chunk at a time. */
export function createPump(options: PumpOptions): Pump {
  const { onChunk, counts, chunkBytes, signal } = options;
  const queue = new Set<TailedLog>();
  const buffers: Buffer[] = [];
  let made = 0;
  let turn: Promise<void> = Promise.resolve();
  let working = 0;
  let settle: (() => void)[] = [];

  function wake(log: TailedLog): void {
    if (signal.aborted || log.gzip) return;
    if (log.reading) {
      log.again = true;
      return;
    }
    queue.add(log);
    startLane();
  }

  function startLane(): void {
    if (queue.size === 0) return;
    const buffer = buffers.pop() ?? makeBuffer();
    if (buffer === undefined) return;
    working++;
    void runLane(buffer).finally(() => {
      working--;
      buffers.push(buffer);
      if (!signal.aborted) startLane();
      settleIfDone();
    });
  }

  function makeBuffer(): Buffer | undefined {
    if (made === lanes) return undefined;
    made++;
    return Buffer.allocUnsafeSlow(chunkBytes);
  }

  async function runLane(buffer: Buffer): Promise<void> {
    for (let log = next(); log !== undefined; log = next()) {
      if (!isOpen(log)) {
        options.reopen(log);
        continue;
      }
      log.reading = true;
      log.again = false;
      const step = await readStep(log, buffer, counts);
      log.reading = false;
      const handed = finish(log, step);
      startLane();
      await handed;
    }
  }

  function next(): TailedLog | undefined {
    if (signal.aborted) return undefined;
    const [log] = queue;
    if (log !== undefined) queue.delete(log);
    return log;
  }

  function finish(log: TailedLog, step: Step): Promise<void> | undefined {
    switch (step.kind) {
      case 'failed':
        options.onFailed(log, step.error);
        return undefined;
      case 'rewritten':
        options.onRewritten(log);
        return undefined;
      case 'read':
        return finishRead(log, step);
    }
  }

  function finishRead(log: TailedLog, step: Step & { kind: 'read' }): Promise<void> | undefined {
    log.hot = !step.more && options.local;
    if (step.more || log.again) queue.add(log);
    const news = step.bytes.length > 0;
    if (news) log.activeMs = options.nowMs();
    const handed = news ? handOn(log, step.offset, step.bytes) : undefined;
    if (!step.more && !log.again) options.onEnd(log, news);
    return handed;
  }

  function handOn(log: TailedLog, offset: number, bytes: Buffer): Promise<void> {
    addMark(log.marks, { offset: offset + bytes.length, anchor: log.anchor });
    const done = turn.then(() => consume({ log: log.id, path: log.path, offset, bytes }));
    turn = done;
    return done;
  }

  async function consume(chunk: Chunk): Promise<void> {
    if (signal.aborted) return;
    try {
      counts.chunks++;
      counts.bytes += chunk.bytes.length;
      await onChunk(chunk);
    } catch (caught) {
      options.onBroken(caught);
    }
  }

  function settleIfDone(): void {
    if (working > 0) return;
    for (const done of settle) done();
    settle = [];
  }

  return {
    wake,
    handOn,
    settled: async () => {
      if (working > 0) await new Promise<void>((resolve) => settle.push(resolve));
      await turn;
    },
  };
}

function isOpen(log: TailedLog): log is TailedLog & { fd: number } {
  return log.fd !== undefined;
}
