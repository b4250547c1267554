import assert from 'node:assert/strict';
import { at, load } from './load.ts';

describe('collector-config/agent.yaml', () => {
  const agent = load(['agent.yaml']);

  it('listens where components, health checks and scrapes expect it', () => {
    assert.equal(at(agent.receivers, 'otlp', 'protocols', 'grpc', 'endpoint'), '127.0.0.1:4317');
    assert.equal(at(agent.extensions, 'health_check', 'endpoint'), '127.0.0.1:13133');
    assert.deepEqual(agent.service.telemetry.metrics.readers[0].pull.exporter.prometheus, {
      host: '127.0.0.1',
      port: 8888,
    });
  });

  it('has one way in, over gRPC', () => {
    assert.deepEqual(Object.keys(agent.receivers ?? {}), ['otlp']);
    assert.deepEqual(Object.keys(Object(at(agent.receivers, 'otlp', 'protocols'))), ['grpc']);
  });

  it('puts node and cluster on every signal, and never over what a sender says', () => {
    const attributes = at(agent.processors, 'resource/node', 'attributes');

    assert.deepEqual(attributes, [
      { key: 'k8s.node.name', value: '${env:K8S_NODE_NAME}', action: 'insert' },
      { key: 'k8s.cluster.name', value: '${env:K8S_CLUSTER_NAME}', action: 'insert' },
    ]);
    for (const [name, { processors }] of Object.entries(agent.service.pipelines)) {
      assert.ok(processors.includes('resource/node'), name);
    }
  });

  it('shows the gateway a certificate and checks that of the gateway', () => {
    const tls = at(agent.exporters, 'otlp_grpc/gateway', 'tls');

    assert.deepEqual(Object.keys(Object(tls)).toSorted(), ['ca_file', 'cert_file', 'key_file']);
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

    const { traces, ...others } = agent.service.pipelines;
    assert.ok(traces !== undefined && traces.processors.includes('filter/noise'));
    const processors = traces.processors.filter((id) => id !== 'filter/noise');
    const pipelines = { ...others, traces: { ...traces, processors } };
    assert.deepEqual(unfiltered, { ...agent, service: { ...agent.service, pipelines } });
  });
});
