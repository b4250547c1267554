import assert from 'node:assert/strict';
import { at, components, load, ownMetrics, typeOf } from './load.ts';

describe('collector-config/gateway.yaml', () => {
  const gateway = load(['gateway.yaml']);

  it('has a health check and metrics of its own that do not collide with an agent on the same host', () => {
    assert.equal(
      at(gateway.extensions, 'health_check', 'endpoint'),
      '${env:HEALTH_ENDPOINT:-127.0.0.1:13134}',
    );
    assert.deepEqual(ownMetrics(gateway).page, {
      host: '${env:TELEMETRY_HOST:-127.0.0.1}',
      port: '${env:TELEMETRY_PORT:-8889}',
    });
  });

  it('takes its own metrics by a door on loopback, and those of nobody else', () => {
    const { endpoint } = ownMetrics(gateway);
    const door = at(gateway.receivers, 'otlp/own', 'protocols', 'grpc', 'endpoint');

    assert.equal(endpoint, `http://${String(door)}`);
    const users = Object.entries(gateway.service.pipelines).filter(([, { receivers }]) =>
      receivers.includes('otlp/own'),
    );
    assert.deepEqual(
      users.map(([name]) => name),
      ['metrics/in'],
    );
  });

  it('writes every signal to a file of its own before it goes to the backend', () => {
    const exporters = Object.fromEntries(
      Object.entries(gateway.service.pipelines).map(([name, pipeline]) => [
        name,
        pipeline.exporters,
      ]),
    );

    assert.deepEqual(exporters, {
      'traces/in': ['forward/in'],
      'metrics/in': ['forward/in'],
      'logs/in': ['forward/in'],
      'traces/clean': ['forward/traces'],
      'metrics/clean': ['forward/metrics'],
      'logs/clean': ['forward/logs'],
      'traces/chosen': ['forward/chosen'],
      'traces/sampled': ['forward/sampled'],
      traces: ['file/spans', 'otlp_grpc/backend'],
      metrics: ['file/metrics', 'otlp_grpc/backend'],
      logs: ['file/logs', 'otlp_grpc/backend'],
    });
  });

  it('rotates every file and keeps a bounded number of them', () => {
    const files = components(gateway).filter(({ id }) => typeOf(id) === 'file');

    assert.equal(files.length, 3);
    for (const { id, settings } of files) {
      assert.ok(Number(at(settings, 'rotation', 'max_megabytes')) > 0, id);
      assert.ok(Number(at(settings, 'rotation', 'max_backups')) > 0, id);
    }
  });

  it('never gives up what is in its queue', () => {
    assert.equal(
      at(gateway.exporters, 'otlp_grpc/backend', 'retry_on_failure', 'max_elapsed_time'),
      0,
    );
  });

  it('leaves TLS to the backend out only where it is told to', () => {
    assert.equal(
      at(gateway.exporters, 'otlp_grpc/backend', 'tls', 'insecure'),
      '${env:BACKEND_INSECURE:-false}',
    );
  });
});
