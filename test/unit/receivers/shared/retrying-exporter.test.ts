import assert from 'node:assert/strict';

import {
  createRetryingExporter,
  type Exporter,
  type ExportResult,
} from '../../../../receivers/shared/retrying-exporter.ts';

function failure(code: number, details = ''): ExportResult {
  const metadata = { get: () => [Buffer.from(details)] };
  return { code: 1, error: Object.assign(new Error(`status ${code}`), { code, metadata }) };
}

const success: ExportResult = { code: 0 };

function exporterAnswering(answers: ExportResult[]): Exporter<number[]> & { calls: number } {
  const exporter = {
    calls: 0,
    export: (_batch: number[], done: (result: ExportResult) => void): void => {
      exporter.calls++;
      queueMicrotask(() => done(answers.shift() ?? success));
    },
    shutdown: (): Promise<void> => Promise.resolve(),
  };
  return exporter;
}

function retrying(
  inner: Exporter<number[]>,
  changes: { stop?: AbortSignal; giveUpAfterMs?: number } = {},
) {
  return createRetryingExporter(inner, {
    size: (batch) => batch.length,
    backoff: { baseMs: 1, capMs: 2 },
    giveUpAfterMs: changes.giveUpAfterMs ?? 10_000,
    stop: changes.stop ?? new AbortController().signal,
    random: () => 1,
  });
}

function exported(exporter: ReturnType<typeof retrying>, batch: number[]): Promise<ExportResult> {
  return new Promise((resolve) => exporter.export(batch, resolve));
}

describe('createRetryingExporter', () => {
  it('tries again after an error that may pass and counts the batch as delivered once', async () => {
    const inner = exporterAnswering([
      failure(14),
      failure(8, 'type.googleapis.com/google.rpc.RetryInfo'),
    ]);
    const exporter = retrying(inner);
    const result = await exported(exporter, [1, 2, 3]);

    assert.equal(result.code, 0);
    assert.equal(inner.calls, 3);
    assert.deepEqual(exporter.counts(), {
      delivered: 3,
      dropped: 0,
      retries: 2,
      lastProblem: 'status 8',
    });
  });

  for (const [what, code] of [
    ['an error that stays', 3],
    ['a message that is too large', 8],
  ] as const) {
    it(`gives up at once on ${what}`, async () => {
      const inner = exporterAnswering([failure(code)]);
      const exporter = retrying(inner);
      const result = await exported(exporter, [1, 2]);

      assert.equal(result.code, 1);
      assert.equal(inner.calls, 1);
      assert.equal(exporter.counts().dropped, 2);
    });
  }

  it('gives up when the batch has become too old, and counts the loss', async () => {
    const inner = exporterAnswering(Array.from({ length: 1000 }, () => failure(14)));
    const exporter = retrying(inner, { giveUpAfterMs: 20 });
    const result = await exported(exporter, [1]);

    assert.equal(result.code, 1);
    assert.deepEqual(exporter.counts().dropped, 1);
  });

  it('ends its wait with the stop signal', async () => {
    const stop = new AbortController();
    const inner = exporterAnswering(Array.from({ length: 10 }, () => failure(14)));
    const exporter = createRetryingExporter(inner, {
      size: (batch: number[]) => batch.length,
      backoff: { baseMs: 60_000, capMs: 60_000 },
      giveUpAfterMs: 600_000,
      stop: stop.signal,
      random: () => 1,
    });
    const result = exported(exporter, [1]);
    queueMicrotask(() => stop.abort());

    assert.equal((await result).code, 1);
  });

  it('waits in its shutdown for a batch that is being tried again', async () => {
    const inner = exporterAnswering([failure(14)]);
    const exporter = retrying(inner);
    const result = exported(exporter, [1]);
    await exporter.shutdown();

    assert.equal(exporter.counts().delivered, 1);
    assert.equal((await result).code, 0);
  });
});
