import assert from 'node:assert/strict';

import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { createEagerLogProcessor } from '../../../../receivers/shared/eager-log-processor.ts';

type Done = () => void;

function processor({ maxQueue = 10, maxBatch = 4 } = {}) {
  const batches: string[][] = [];
  const pending: Done[] = [];
  let full = 0;
  let shut = false;
  const inner = createEagerLogProcessor({
    exporter: {
      export: (batch, done) => {
        batches.push(batch.map(({ body }) => String(body)));
        pending.push(() => done({ code: 0 }));
      },
      forceFlush: () => Promise.resolve(),
      shutdown: () => {
        shut = true;
        return Promise.resolve();
      },
      counts: () => ({ delivered: 0, dropped: 0, retries: 0, lastProblem: undefined }),
    },
    maxQueue,
    maxBatch,
    onFull: () => void full++,
  });
  const emit = (...bodies: string[]): void => {
    for (const body of bodies)
      (inner.onEmit as (record: ReadableLogRecord) => void)({ body } as ReadableLogRecord);
  };
  const answer = async (): Promise<void> => {
    pending.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { inner, emit, answer, batches, full: () => full, shut: () => shut };
}

describe('the processor of log records', () => {
  it('sends a record at once, and those that come meanwhile together', async () => {
    const { emit, answer, batches } = processor();

    emit('a');
    assert.deepEqual(batches, [['a']]);
    emit('b', 'c', 'd', 'e', 'f');
    assert.equal(batches.length, 1);
    await answer();
    await answer();
    await answer();
    emit('g');

    assert.deepEqual(batches, [['a'], ['b', 'c', 'd', 'e'], ['f'], ['g']]);
  });

  it('counts what finds no place', () => {
    const { emit, full } = processor({ maxQueue: 2 });

    emit('a', 'b', 'c', 'd');

    assert.equal(full(), 1);
  });

  it('sends what waits before it stops, and takes nothing more', async () => {
    const { inner, emit, answer, batches, shut } = processor();
    emit('a', 'b');

    const stopped = inner.shutdown();
    emit('c');
    assert.equal(shut(), false);
    await answer();
    await answer();
    await stopped;

    assert.deepEqual([batches, shut()], [[['a'], ['b']], true]);
  });

  it('waits for what is under way when it is flushed', async () => {
    const { inner, emit, answer } = processor();
    let flushed = false;
    emit('a');

    const flush = inner.forceFlush().then(() => (flushed = true));
    await new Promise((resolve) => setImmediate(resolve));
    const before = flushed;
    await answer();
    await flush;

    assert.deepEqual([before, flushed], [false, true]);
  });
});
