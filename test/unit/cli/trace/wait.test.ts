import assert from 'node:assert/strict';
import type { FoundTrace, TraceSource } from '../../../../cli/trace/source.ts';
import { awaitTrace, type WaitClock } from '../../../../cli/trace/wait.ts';
import { span } from './spans.ts';

describe('awaitTrace', () => {
  it('asks once when there is no time to wait', async () => {
    const backend = fakeBackend(() => ({ kind: 'missing' }));

    const found = await wait(backend, { timeoutMs: 0 });

    assert.deepEqual(found, { kind: 'missing' });
    assert.equal(backend.asked(), 1);
  });

  it('waits for a trace that is not there yet', async () => {
    const backend = fakeBackend((ms) => (ms < 3_000 ? { kind: 'missing' } : traceOf(['a'])));

    const found = await wait(backend, { timeoutMs: 30_000 });

    assert.equal(found.kind, 'found');
    assert.ok(backend.nowMs() >= 9_000, 'gave the trace time to grow');
    assert.ok(backend.nowMs() <= 10_000, `waited ${backend.nowMs()} ms`);
  });

  it('waits until the trace has stopped growing', async () => {
    const backend = fakeBackend((ms) => traceOf(ms < 5_000 ? ['a'] : ['a', 'b']));

    const found = await wait(backend, { timeoutMs: 30_000 });

    assert.deepEqual(found, traceOf(['a', 'b']));
    assert.ok(backend.nowMs() >= 11_000);
  });

  it('waits for the services that must be there', async () => {
    const backend = fakeBackend((ms) => traceOf(ms < 20_000 ? ['a'] : ['a', 'etcd']));

    const found = await wait(backend, { timeoutMs: 60_000, services: ['etcd'] });

    assert.deepEqual(found, traceOf(['a', 'etcd']));
  });

  it('gives what there is when time is up', async () => {
    const backend = fakeBackend(() => traceOf(['a']));

    const found = await wait(backend, { timeoutMs: 20_000, services: ['etcd'] });

    assert.deepEqual(found, traceOf(['a']));
    assert.ok(backend.nowMs() <= 20_000);
  });

  it('outlives a backend that comes up late', async () => {
    const backend = fakeBackend((ms) =>
      ms < 5_000 ? { kind: 'failed', problem: 'refused' } : traceOf(['a']),
    );

    assert.equal((await wait(backend, { timeoutMs: 30_000 })).kind, 'found');
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    const backend = fakeBackend((ms) => {
      if (ms >= 2_000) {
        stop.abort(new Error('stopped'));
      }
      return { kind: 'missing' };
    });

    await assert.rejects(wait(backend, { timeoutMs: 30_000 }, stop.signal), { message: 'stopped' });
  });
});

type Backend = TraceSource & WaitClock & { asked(): number };

function fakeBackend(answer: (ms: number) => FoundTrace): Backend {
  let nowMs = 0;
  let asked = 0;
  return {
    address: 'fake',
    pageUrl: (traceId) => traceId,
    asked: () => asked,
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
    find: async (_reference, signal) => {
      signal.throwIfAborted();
      asked++;
      return answer(nowMs);
    },
  };
}

function wait(
  backend: Backend,
  options: { timeoutMs: number; services?: readonly string[] },
  signal = new AbortController().signal,
): Promise<FoundTrace> {
  return awaitTrace(
    backend,
    { kind: 'last' },
    { services: [], ...options, signal, clock: backend },
  );
}

function traceOf(services: readonly string[]): FoundTrace {
  const spans = services.map((service, index) => span(index + 1, null, [0, 1], { service }));
  return { kind: 'found', trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spans } };
}
