import assert from 'node:assert/strict';

import { batchLimits, metricLimits } from '../../../../receivers/shared/telemetry-limits.ts';

function from(env: NodeJS.ProcessEnv) {
  const warned: object[] = [];
  const quiet = () => undefined;
  const log = {
    debug: quiet,
    info: quiet,
    error: quiet,
    warn: (fields: object) => warned.push(fields),
  };
  return { env, log, warned };
}

describe('batchLimits', () => {
  it('has limits of its own', () => {
    assert.deepEqual(batchLimits(from({ OTEL_BSP_SCHEDULE_DELAY: '' })), {
      maxQueueSize: 32_768,
      maxExportBatchSize: 512,
      scheduledDelayMillis: 500,
      exportTimeoutMillis: 300_000,
    });
  });

  it('takes them from OTEL_BSP_*', () => {
    const env = {
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_BSP_EXPORT_TIMEOUT: '3000',
    };

    assert.deepEqual(batchLimits(from(env)), {
      maxQueueSize: 100,
      maxExportBatchSize: 10,
      scheduledDelayMillis: 20,
      exportTimeoutMillis: 3000,
    });
  });

  it('sends no batch larger than the queue', () => {
    assert.equal(batchLimits(from({ OTEL_BSP_MAX_QUEUE_SIZE: '100' })).maxExportBatchSize, 100);
  });

  it('warns about what is no number and goes on without it', () => {
    const told = from({ OTEL_BSP_SCHEDULE_DELAY: 'soon' });

    assert.equal(batchLimits(told).scheduledDelayMillis, 500);
    assert.deepEqual(told.warned, [{ name: 'OTEL_BSP_SCHEDULE_DELAY', value: 'soon', used: 500 }]);
  });
});

describe('metricLimits', () => {
  it('is a minute without variables', () => {
    assert.deepEqual(metricLimits(from({})), {
      exportIntervalMillis: 60_000,
      exportTimeoutMillis: 60_000,
    });
  });

  it('takes OTEL_METRIC_EXPORT_*, with no timeout longer than the interval', () => {
    const env = { OTEL_METRIC_EXPORT_INTERVAL: '1000', OTEL_METRIC_EXPORT_TIMEOUT: '5000' };

    assert.deepEqual(metricLimits(from(env)), {
      exportIntervalMillis: 1000,
      exportTimeoutMillis: 1000,
    });
  });
});
