import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { status } from '@grpc/grpc-js';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Running } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { readSpans } from '../support/spans-file.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import { startRefusingGateway } from './collector-config/refusing-gateway.ts';
import { createSender, makeSpans, type Sender } from './collector-config/sender.ts';

const enqueueFailed = 'otelcol_exporter_enqueue_failed_spans';
const queueSize = 'otelcol_exporter_queue_size';
const limiterRefused = 'otelcol_processor_memory_limiter_refused_spans';
const quickly = { initial_interval: '1ms', max_interval: '5ms' };
const soon = { withinMs: 10_000, everyMs: 50 };

/** Settings of a gateway that sends its own metrics at once. */
const everySecond = {
  metrics: {
    readers: [
      {
        periodic: {
          interval: 1000,
          timeout: 1000,
          exporter: {
            otlp: { protocol: 'grpc', endpoint: 'http://127.0.0.1:${env:OWN_METRICS_PORT}' },
          },
        },
      },
    ],
  },
};

describe('the road on a bad day', function () {
  this.timeout(90_000);
  let collectors: Collectors;
  let sender: Sender;

  beforeEach(async () => {
    collectors = await prepareCollectors();
    sender = createSender(collectors.agentUrl);
  });

  afterEach(async () => {
    await sender.close();
    await collectors.remove();
  });

  it('refuses what finds the disk queue full, counts it, and delivers all it has taken', async () => {
    const agent = await collectors.startAgent([], {
      settings: {
        exporters: { 'otlp_grpc/gateway': { sending_queue: { queue_size: 200_000 } } },
      },
    });
    const refused = await sendUntilRefused(() => makeSpans(100));

    assert.equal(refused, status.UNAVAILABLE);
    assert.ok((await collectors.ownMetric('agent', enqueueFailed)) >= 100);
    assert.equal(agent.child.exitCode, null);
    assert.ok(sender.acknowledged.size > 0);

    await collectors.startGateway();
    await allArrived();
    assert.equal(await sender.send(makeSpans(100)), status.OK);
    await allArrived();
  });

  it('refuses above its memory limit, counts it, and takes again what comes below', async () => {
    const correlator = await collectors.startSilentCorrelator();
    await collectors.startGateway();
    const agent = await collectors.startAgent([], {
      env: { MEMORY_LIMIT_MIB: '100', MEMORY_SPIKE_MIB: '30' },
      settings: {
        exporters: {
          'otlp_grpc/correlator': { timeout: '60s', sending_queue: { queue_size: 1e9 } },
        },
      },
    });
    const large = { service: 'kubelet', bytes: 100_000 };
    const refused = await sendUntilRefused(() => makeSpans(10, large));

    assert.equal(refused, status.UNAVAILABLE);
    assert.ok((await collectors.ownMetric('agent', limiterRefused)) >= 10);
    assert.equal(agent.child.exitCode, null);

    correlator.close();
    await eventually(async () => assert.equal(await sender.send(makeSpans(1)), status.OK));
    await allArrived();
  });

  it('loses nothing that it acknowledged when agent and gateway are killed', async () => {
    const first = await collectors.startAgent();
    for (let n = 0; n < 20; n++)
      assert.equal(await sender.send(makeSpans(500, { bytes: 200 })), status.OK);
    const underWay = [sender.send(makeSpans(500)), sender.send(makeSpans(500))];
    await killed(first);
    await Promise.all(underWay);

    const second = await collectors.startAgent();
    const gateway = await collectors.startGateway();
    await eventually(async () => assert.ok((await arrivedIds()).length > 0), soon);
    await Promise.all([killed(second), killed(gateway)]);
    await collectors.startGateway();
    await collectors.startAgent();

    const ids = await allArrived();
    assert.ok(sender.acknowledged.size >= 10_000);
    const again = ids.length - new Set(ids).size;
    console.info(`      ${again} of ${ids.length} spans came twice`);
  });

  it('keeps at the agent what finds the queue of the gateway full, until there is room', async () => {
    const full = await collectors.startGateway([], {
      settings: { exporters: { 'otlp_grpc/backend': { sending_queue: { queue_size: 20_000 } } } },
    });
    await collectors.startAgent([], {
      settings: { exporters: { 'otlp_grpc/gateway': { retry_on_failure: quickly } } },
    });
    for (let n = 0; n < 5; n++)
      assert.equal(await sender.send(makeSpans(500, { bytes: 200 })), status.OK);
    await eventually(
      async () => assert.ok((await collectors.ownMetric('gateway', enqueueFailed)) > 0),
      soon,
    );
    assert.ok((await collectors.ownMetric('agent', queueSize)) > 0);

    await killed(full);
    await collectors.startGateway();
    await allArrived();
    await eventually(
      async () => assert.equal(await collectors.ownMetric('agent', queueSize), 0),
      soon,
    );
  });

  it('is held up by no embedded viewer that takes nothing, and counts what that misses', async () => {
    await collectors.startGateway(['features/embedded-viewer.yaml'], {
      // So little that a batch does not fit.
      settings: { exporters: { 'otlp_grpc/backend': { sending_queue: { queue_size: 20_000 } } } },
    });
    await collectors.startAgent();
    for (let n = 0; n < 10; n++)
      assert.equal(await sender.send(makeSpans(500, { bytes: 200 })), status.OK);

    const ids = await allArrived();
    assert.equal(ids.length, new Set(ids).size, 'spans that came twice');
    assert.ok((await collectors.ownMetric('gateway', enqueueFailed)) >= 5000);
    assert.equal(await collectors.ownMetric('gateway', 'otelcol_receiver_refused_spans'), 0);
  });

  it('tries without end while the gateway refuses', async () => {
    const refusing = await startRefusingGateway(collectors.gateway);
    await collectors.startAgent([], {
      settings: { exporters: { 'otlp_grpc/gateway': { retry_on_failure: quickly } } },
    });
    assert.equal(await sender.send(makeSpans(100)), status.OK);
    // Half an hour of them at the usual interval.
    await eventually(() => assert.ok(refusing.requests() > 360), soon);
    await refusing.stop();

    await collectors.startGateway();
    await allArrived();
  });

  it('sends the metrics of agent and gateway the same way, and waits for no Prometheus', async () => {
    const layers = ['features/prometheus-otlp.yaml', 'features/prometheus-remote-write.yaml'];
    await collectors.startGateway(layers, {
      settings: {
        service: { telemetry: everySecond },
        // So little that the first batch does not fit.
        exporters: { 'otlp_http/prometheus': { sending_queue: { queue_size: 1 } } },
      },
    });
    await collectors.startAgent();

    await eventually(
      async () => {
        const text = await readFile(collectors.metricsFile, 'utf8');
        const told = (name: string, metric: string): boolean =>
          text
            .split('\n')
            .some((line) => line.includes(`"kube-latency-${name}"`) && line.includes(metric));
        assert.ok(told('agent', 'otelcol_exporter_queue_capacity'));
        assert.ok(told('gateway', 'otelcol_exporter_queue_capacity'));
        assert.ok(told('gateway', 'otelcol_exporter_enqueue_failed_metric_points'));
        // The agent sends its own every 30 s.
      },
      { withinMs: 60_000 },
    );
    await eventually(
      async () => assert.equal(await collectors.ownMetric('agent', queueSize), 0),
      soon,
    );
  });

  /** The status of the first request that is not acknowledged. */
  async function sendUntilRefused(spans: () => readonly ReadableSpan[]): Promise<status> {
    for (let n = 0; n < 400; n++) {
      const code = await sender.send(spans());
      if (code !== status.OK) return code;
    }
    return status.OK;
  }

  async function arrivedIds(): Promise<string[]> {
    const spans = await readSpans(collectors.spansFile);
    return spans.map(({ spanId }) => spanId);
  }

  /** Ids of all spans in the gateway's file, once every acknowledged one is among them. */
  function allArrived(): Promise<string[]> {
    return eventually(async () => {
      const ids = await arrivedIds();
      const missing = sender.acknowledged.difference(new Set(ids));
      assert.equal(missing.size, 0);
      return ids;
    });
  }
});

async function killed({ child, finished }: Running): Promise<void> {
  child.kill('SIGKILL');
  await finished;
}
