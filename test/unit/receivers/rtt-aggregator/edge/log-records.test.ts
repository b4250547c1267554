import assert from 'node:assert/strict';

import { SeverityNumber, type Logger, type LogRecord } from '@opentelemetry/api';

import { emitVerdict } from '../../../../../receivers/rtt-aggregator/edge/log-records.ts';

describe('emitVerdict', () => {
  it('tells culprit and loss, as a warning when it appears and for information when it clears', () => {
    const records: LogRecord[] = [];
    const logger = { emit: (record: LogRecord) => records.push(record) } as unknown as Logger;
    const verdict = { kind: 'link', from: 'a', to: 'b', loss: 0.9, sinceMs: 1 } as const;

    emitVerdict(logger, { kind: 'appeared', verdict });
    emitVerdict(logger, { kind: 'cleared', verdict });

    assert.deepEqual(
      records.map(({ eventName, severityNumber, body }) => [eventName, severityNumber, body]),
      [
        ['kube_latency.rtt.blame.appeared', SeverityNumber.WARN, 'link a -> b: at fault'],
        ['kube_latency.rtt.blame.cleared', SeverityNumber.INFO, 'link a -> b: cleared'],
      ],
    );
    assert.deepEqual(records[0]?.attributes, {
      kind: 'link',
      'source.node': 'a',
      'destination.node': 'b',
      'kube_latency.rtt.loss': 0.9,
    });
  });
});
