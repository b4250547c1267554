import assert from 'node:assert/strict';
import fc from 'fast-check';

import { createWriteQueue } from '../../../../../operator/controller/core/write-queue.ts';

const bounds = { everyMs: 2000, writesPerSecond: 10, bytesPerSecond: 1000, stockBytes: 4000 };

/** Everything that is written until the queue is idle, with its time. */
function drained(queue: ReturnType<typeof createWriteQueue>, fromMs = 0) {
  const written: { key: string; atMs: number }[] = [];
  for (let nowMs = fromMs; ;) {
    const next = queue.next(nowMs);
    if (next.kind === 'idle') return written;
    if (next.kind === 'write') written.push({ key: next.key, atMs: nowMs });
    else nowMs += next.ms;
  }
}

describe('a queue of writes', () => {
  it('writes at once what comes after a quiet time', () => {
    const queue = createWriteQueue(bounds);
    queue.want('a', 100, 0);

    assert.deepEqual(drained(queue), [{ key: 'a', atMs: 0 }]);
  });

  it('writes a key that changes all the time once in its time, and the last change in the end', () => {
    const queue = createWriteQueue(bounds);
    const written: number[] = [];
    for (let nowMs = 0; nowMs < 10_000; nowMs += 100) {
      queue.want('a', 10, nowMs);
      if (queue.next(nowMs).kind === 'write') written.push(nowMs);
    }

    assert.deepEqual(written, [0, 2000, 4000, 6000, 8000]);
    assert.deepEqual(drained(queue, 10_000), [{ key: 'a', atMs: 10_000 }]);
  });

  it('does not write what has been dropped, nor before the time for which it was postponed', () => {
    const queue = createWriteQueue(bounds);
    queue.want('a', 10, 0);
    queue.want('b', 10, 0);
    queue.drop('a');
    queue.postpone('b', 5000);

    assert.deepEqual(queue.next(0), { kind: 'wait', ms: 5000 });
    assert.deepEqual(drained(queue), [{ key: 'b', atMs: 5000 }]);
  });

  it('writes what is larger than its stock when the stock is full, and pays for it after', () => {
    const queue = createWriteQueue(bounds);
    queue.want('huge', 10_000, 0);
    queue.want('next', 1000, 0);

    assert.deepEqual(drained(queue), [
      { key: 'huge', atMs: 0 },
      { key: 'next', atMs: 7000 },
    ]);
  });

  it('tells how many wait, and for how long', () => {
    const queue = createWriteQueue(bounds);
    assert.equal(queue.oldestMs(5), 0);
    queue.want('a', 1, 100);
    queue.want('b', 1, 200);
    queue.want('a', 1, 300);

    assert.deepEqual([queue.waiting(), queue.oldestMs(400)], [2, 300]);
  });

  it('keeps to its bounds in every stretch of time, and leaves nothing out', () => {
    const event = fc.record({
      key: fc.integer({ min: 0, max: 30 }).map(String),
      bytes: fc.integer({ min: 1, max: 1500 }),
      afterMs: fc.integer({ min: 0, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120 }), (events) => {
        const queue = createWriteQueue(bounds);
        const sizes = new Map<string, number>();
        const dirty = new Set<string>();
        const written: { key: string; bytes: number; atMs: number }[] = [];
        let nowMs = 0;
        const run = (untilMs: number) => {
          for (;;) {
            const next = queue.next(nowMs);
            if (next.kind === 'write') {
              written.push({ key: next.key, bytes: sizes.get(next.key) ?? 0, atMs: nowMs });
              dirty.delete(next.key);
            } else if (next.kind === 'idle' || nowMs + next.ms > untilMs) {
              nowMs = Math.max(nowMs, Math.min(untilMs, 1e9));
              return;
            } else nowMs += next.ms;
          }
        };
        for (const { key, bytes, afterMs } of events) {
          run(nowMs + afterMs);
          queue.want(key, bytes, nowMs);
          sizes.set(key, bytes);
          dirty.add(key);
        }
        run(Infinity);

        assert.deepEqual([...dirty], []);
        for (const [index, first] of written.entries()) {
          let bytes = 0;
          for (const [further, last] of written.slice(index).entries()) {
            bytes += last.bytes;
            const seconds = (last.atMs - first.atMs) / 1000;
            assert.ok(further + 1 <= 10 + seconds * 10 + 1e-6, 'writes');
            assert.ok(bytes <= 4000 + seconds * 1000 + 1e-6 || bytes === last.bytes, 'bytes');
            if (further > 0 && last.key === first.key) assert.ok(seconds >= 2, 'the same key');
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
