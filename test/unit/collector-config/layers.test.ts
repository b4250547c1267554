import assert from 'node:assert/strict';
import { instruments } from '../../../receivers/pod-prober/metrics.ts';
import { at, combinations, load, readYaml } from './load.ts';

const overGateway = combinations
  .filter((files) => files[0] === 'gateway.yaml' && files.length === 2)
  .map((files) => String(files[1]));

/** These say where the traces go, or that a signal goes nowhere but to its file. */
const changingExporters = [
  'features/embedded-viewer.yaml',
  'features/load-balancing.yaml',
  'features/no-backend.yaml',
];

describe('collector-config/features over gateway.yaml', () => {
  const base = load(['gateway.yaml']);

  for (const layer of overGateway) {
    if (changingExporters.includes(layer)) continue;
    it(`${layer} takes nothing away from a pipeline that is there`, () => {
      const laid = Object.entries(Object(at(readYaml(layer), 'service', 'pipelines')));

      for (const [name, pipeline] of laid) {
        const below = base.service.pipelines[name];
        if (below === undefined) continue;
        assert.deepEqual(Object.keys(Object(pipeline)), ['processors'], name);
        assert.deepEqual(below.processors, [], name);
      }
    });
  }
});

describe('collector-config/features/no-backend.yaml', () => {
  it('takes the backend, and nothing else, out of the gateway', () => {
    const { service } = load(['gateway.yaml']);
    const pipelines = Object.fromEntries(
      Object.entries(service.pipelines).map(([name, { exporters, ...others }]) => [
        name,
        { ...others, exporters: exporters.filter((id) => id !== 'otlp_grpc/backend') },
      ]),
    );

    const without = load(['gateway.yaml', 'features/no-backend.yaml']);
    assert.deepEqual(without.service.pipelines, pipelines);
  });
});

describe('collector-config/features/kubernetes-events.yaml', () => {
  it('finds the trace of a pod as features/pod-logs.yaml does', () => {
    const logs = load(['agent.yaml', 'features/pod-logs.yaml']).processors;
    const events = load(['gateway.yaml', 'features/kubernetes-events.yaml']).processors;

    assert.deepEqual(
      at(events, 'k8s_attributes/events', 'extract'),
      at(logs, 'k8s_attributes/pod-logs', 'extract'),
    );
    assert.deepEqual(at(events, 'transform/events'), at(logs, 'transform/pod-logs'));
  });
});

describe('collector-config/features/embedded-viewer.yaml', () => {
  it('leaves the files alone, and has the viewer in pipelines of its own', () => {
    const { pipelines } = load(['gateway.yaml', 'features/embedded-viewer.yaml']).service;

    for (const [signal, from] of [
      ['traces', 'forward/sampled'],
      ['metrics', 'forward/metrics'],
      ['logs', 'forward/logs'],
    ] as const) {
      const file = signal === 'traces' ? 'file/spans' : `file/${signal}`;
      assert.deepEqual(pipelines[signal]?.exporters, [file]);
      assert.deepEqual(pipelines[`${signal}/viewer`], {
        receivers: [from],
        processors: ['batch/viewer'],
        exporters: ['otlp_grpc/backend'],
      });
    }
  });

  it('gives up after 30 s, one batch at a time, and waits as long for an answer', () => {
    const backend = at(
      load(['gateway.yaml', 'features/embedded-viewer.yaml']).exporters,
      'otlp_grpc/backend',
    );

    assert.equal(at(backend, 'retry_on_failure', 'max_elapsed_time'), '30s');
    assert.equal(at(backend, 'timeout'), '30s');
    assert.equal(at(backend, 'sending_queue', 'num_consumers'), 1);
    assert.equal(at(backend, 'sending_queue', 'storage'), 'file_storage/queue');
  });
});

describe('collector-config/features/span-metrics.yaml', () => {
  const { connectors } = load(['gateway.yaml', 'features/span-metrics.yaml']);

  it('counts in seconds, in the buckets of the prober', () => {
    const histogram = at(connectors, 'span_metrics/completed', 'histogram');

    assert.equal(at(histogram, 'unit'), 's');
    assert.deepEqual(
      (at(histogram, 'explicit', 'buckets') as string[]).map(seconds),
      instruments.phaseDuration.boundaries,
    );
  });

  it('shows exemplars, and no latency of a failure', () => {
    assert.equal(at(connectors, 'span_metrics/completed', 'exemplars', 'enabled'), true);
    assert.equal(at(connectors, 'span_metrics/failed', 'histogram', 'disable'), true);
  });
});

function seconds(text: string): number {
  const [, number, unit = ''] = /^(\d+)(us|ms|s)$/.exec(text) ?? [];
  return Number(number) / Number(at({ us: 1e6, ms: 1e3, s: 1 }, unit));
}
