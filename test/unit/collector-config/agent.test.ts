import assert from 'node:assert/strict';
import { at, load, ownMetrics } from './load.ts';

describe('collector-config/agent.yaml', () => {
  const agent = load(['agent.yaml']);

  it('listens where components, health checks and scrapes expect it', () => {
    assert.equal(at(agent.receivers, 'otlp', 'protocols', 'grpc', 'endpoint'), '127.0.0.1:4317');
    assert.equal(at(agent.extensions, 'health_check', 'endpoint'), '127.0.0.1:13133');
    assert.deepEqual(ownMetrics(agent).page, {
      host: '${env:TELEMETRY_HOST:-127.0.0.1}',
      port: 8888,
    });
  });

  it('sends its own metrics through its own door', () => {
    const { endpoint } = ownMetrics(agent);

    assert.equal(
      endpoint,
      `http://${String(at(agent.receivers, 'otlp', 'protocols', 'grpc', 'endpoint'))}`,
    );
  });

  it('has one way in, and one for the correlator, both over gRPC', () => {
    assert.deepEqual(Object.keys(agent.receivers ?? {}), ['otlp', 'otlp/stitched']);
    for (const id of ['otlp', 'otlp/stitched'])
      assert.deepEqual(Object.keys(Object(at(agent.receivers, id, 'protocols'))), ['grpc']);
  });

  it('gives the correlator a copy behind a processor whose errors do not travel back', () => {
    const branch = agent.service.pipelines['traces/correlator'];

    assert.deepEqual(branch?.receivers, ['otlp']);
    assert.equal(branch.processors.at(-1), 'batch/correlator');
    assert.ok(!branch.processors.includes('memory_limiter'), 'it would refuse towards the sender');
    assert.deepEqual(branch.exporters, ['otlp_grpc/correlator']);
  });

  it('keeps what the correlator is late for in a small memory, and tries once', () => {
    const settings = at(agent.exporters, 'otlp_grpc/correlator');

    assert.equal(at(settings, 'sending_queue', 'storage'), undefined);
    assert.equal(at(settings, 'sending_queue', 'sizer'), 'bytes');
    assert.ok(Number(at(settings, 'sending_queue', 'queue_size')) <= 8 * 1024 * 1024);
    assert.equal(at(settings, 'retry_on_failure', 'enabled'), false);
  });

  it('sends what comes from the correlator on, and never back to it', () => {
    const users = Object.entries(agent.service.pipelines)
      .filter(([, { receivers }]) => receivers.includes('otlp/stitched'))
      .map(([name, { exporters }]) => [name, exporters]);

    assert.deepEqual(users, [['traces/stitched', ['otlp_grpc/gateway']]]);
    assert.match(
      JSON.stringify(at(agent.processors, 'filter/native')),
      /kube_latency\.stitched.*!= nil/,
    );
  });

  it('puts node and cluster on all that it sends on, and never over what a sender says', () => {
    const attributes = at(agent.processors, 'resource/node', 'attributes');

    assert.deepEqual(attributes, [
      { key: 'k8s.node.name', value: '${env:K8S_NODE_NAME}', action: 'insert' },
      { key: 'k8s.cluster.name', value: '${env:K8S_CLUSTER_NAME}', action: 'insert' },
    ]);
    for (const [name, { exporters, processors }] of Object.entries(agent.service.pipelines)) {
      if (exporters.includes('otlp_grpc/correlator')) continue;
      assert.ok(processors.includes('resource/node'), name);
    }
  });

  it('shows the gateway a certificate and checks that of the gateway', () => {
    const tls = at(agent.exporters, 'otlp_grpc/gateway', 'tls');

    assert.deepEqual(Object.keys(Object(tls)).toSorted(), [
      'ca_file',
      'cert_file',
      'key_file',
      'reload_interval',
    ]);
  });

  it('sends no message that a backend would refuse for its size', () => {
    const batch = at(agent.exporters, 'otlp_grpc/gateway', 'sending_queue', 'batch');

    assert.equal(at(batch, 'sizer'), 'bytes');
    assert.ok(Number(at(batch, 'max_size')) < 4 * 1024 * 1024);
  });

  it('never gives up what is in its queue', () => {
    assert.equal(
      at(agent.exporters, 'otlp_grpc/gateway', 'retry_on_failure', 'max_elapsed_time'),
      0,
    );
  });
});

describe('collector-config/features/no-noise-filter.yaml', () => {
  it('takes the noise filter, and nothing else, out of the agent', () => {
    const agent = load(['agent.yaml']);
    const unfiltered = load(['agent.yaml', 'features/no-noise-filter.yaml']);

    const filtered = Object.entries(agent.service.pipelines).filter(([, { processors }]) =>
      processors.includes('filter/noise'),
    );
    assert.deepEqual(
      filtered.map(([name]) => name),
      ['traces', 'traces/correlator'],
    );
    const pipelines = Object.fromEntries(
      Object.entries(agent.service.pipelines).map(([name, { processors, ...others }]) => [
        name,
        { ...others, processors: processors.filter((id) => id !== 'filter/noise') },
      ]),
    );
    assert.deepEqual(unfiltered, { ...agent, service: { ...agent.service, pipelines } });
  });
});
