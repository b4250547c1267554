import assert from 'node:assert/strict';

import { run } from '../../../../receivers/rtt-pinger/run.ts';
import { configSchema } from '../../../../receivers/rtt-pinger/schema.ts';
import { settingsOf } from '../../../../receivers/rtt-pinger/settings.ts';
import { startFakeCollector } from '../shared/fake-collector.ts';
import { decodeMetrics } from './otlp-metrics.ts';

describe('the run of the pinger', () => {
  const before = process.env;
  afterEach(() => {
    process.env = before;
  });

  it('exports to the last how it probed, although it has stopped by then', async () => {
    const collector = await startFakeCollector();
    // The SDK reads its own variables nowhere else.
    process.env = { ...before, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
    const stop = new AbortController();
    const said: string[] = [];
    const say = (_: object, message: string): void => {
      said.push(message);
      if (message === 'started') setTimeout(() => stop.abort(), 300);
    };
    const log = { debug: say, info: say, warn: say, error: say };
    const config = configSchema.parse({
      nodeName: 'here',
      protocols: ['tcp'],
      interval: '20ms',
      peers: { static: [{ name: 'there', address: '127.0.0.1', port: 1 }] },
      ports: { ping: 0, metrics: 0 },
    });
    try {
      await run(settingsOf(config), {
        env: process.env,
        log,
        signal: stop.signal,
        kube: { kubeconfig: undefined, context: undefined },
        print: () => undefined,
      });
    } finally {
      collector.stop();
    }

    const found = collector.taken.metrics.flatMap((bytes) => decodeMetrics(bytes));
    const ofProbes = found.filter(({ name }) => name === 'kube_latency.rtt.probes');
    assert.deepEqual(
      [
        ...new Set(
          ofProbes.flatMap(({ points }) => points.map((each) => each.attributes['stamps'])),
        ),
      ],
      ['kernel'],
    );
    assert.equal(said.at(-1), 'stopped');
  });
});
