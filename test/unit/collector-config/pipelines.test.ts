import assert from 'node:assert/strict';
import { at, combinations, components, extraCombinations, load, readText, typeOf } from './load.ts';

/** Names that the collector still knows under a warning, or that have no place here. */
const unwanted = [
  'otlphttp',
  'k8sattributes',
  'filelog',
  'prometheusremotewrite',
  'loadbalancing',
  'resourcedetection',
  'hostmetrics',
  'kubeletstats',
  'spanmetrics',
];

/** The branches that may lose what they are given: the road does not wait for them. */
const besideTheRoad = [
  'awsemf',
  'otlp_grpc/correlator',
  'otlp_grpc/jaeger',
  'otlp_grpc/tempo',
  'otlp_http/loki',
  'otlp_http/destination',
  'otlp_http/prometheus',
  'prometheus_remote_write',
];

const isBeside = (exporters: readonly string[]): boolean =>
  exporters.every((id) => besideTheRoad.includes(id));

/** The embedded viewer is a backend for whom nobody waits. */
const isForViewer = (pipeline: string): boolean => pipeline.endsWith('/viewer');

/** These keep nothing on disk, for what they lose is elsewhere or comes again. */
const inMemory = ['awsemf', 'otlp_grpc/correlator', 'prometheus_remote_write'];

/** This one is no part of the road, and its batches serve another purpose, which it tells. */
const experiment = 'traces/stitcher';

for (const files of [...combinations, ...extraCombinations]) {
  const config = load(files);
  const pipelines = Object.entries(config.service.pipelines).filter(
    ([name]) => name !== experiment,
  );

  describe(`collector-config/${files.join(' + ')}`, () => {
    it('has a pipeline for every signal', () => {
      const signals = pipelines.map(([name]) => name.split('/')[0]);
      assert.deepEqual(new Set(signals), new Set(['traces', 'metrics', 'logs']));
    });

    it('uses only components that it defines', () => {
      const used = pipelines.flatMap(([, pipeline]) => [
        ...pipeline.receivers.map((id) => `receivers ${id}`),
        ...pipeline.processors.map((id) => `processors ${id}`),
        ...pipeline.exporters.map((id) => `exporters ${id}`),
      ]);
      const extensions = config.service.extensions.map((id) => `extensions ${id}`);
      const defined = new Set(
        components(config).flatMap(({ kind, id }) =>
          kind === 'connectors' ? [`receivers ${id}`, `exporters ${id}`] : [`${kind} ${id}`],
        ),
      );

      assert.deepEqual(
        [...used, ...extensions].filter((component) => !defined.has(component)),
        [],
      );
    });

    it('limits memory once, and before anything else', () => {
      const connectors = Object.keys(config.connectors ?? {});
      for (const [name, { receivers, processors, exporters }] of pipelines) {
        const enters = !receivers.every((id) => connectors.includes(id));
        const limited = enters && !isBeside(exporters);
        assert.equal(processors.indexOf('memory_limiter'), limited ? 0 : -1, name);
      }
    });

    it('calls components by their present names', () => {
      const ids = components(config).map(({ kind, id }) => ({ kind, type: typeOf(id) }));

      assert.deepEqual(
        ids.filter(({ type }) => unwanted.includes(type)),
        [],
      );
      assert.ok(!ids.some(({ kind, type }) => kind === 'exporters' && type === 'otlp'));
    });

    it('listens on loopback alone, or asks every client for a certificate', () => {
      const open = components(config)
        .filter(({ kind, id }) => kind === 'receivers' && typeOf(id) === 'otlp')
        .flatMap(({ settings }) => Object.values(Object(at(settings, 'protocols'))))
        .filter((door) => !String(at(door, 'endpoint')).startsWith('127.0.0.1:'))
        .filter((door) => at(door, 'tls', 'client_ca_file') === undefined);

      assert.deepEqual(open, []);
    });

    it('has the batch processor last where errors must not travel back, and nowhere else', () => {
      for (const [name, { processors, exporters }] of pipelines) {
        const batches = processors.findIndex((id) => typeOf(id) === 'batch');
        const last = isBeside(exporters) || isForViewer(name) ? processors.length - 1 : -1;
        assert.equal(batches, last, name);
      }
    });

    it('queues a bounded number of bytes on disk wherever it sends', () => {
      const senders = components(config).filter(
        ({ kind, id }) => kind === 'exporters' && typeOf(id) !== 'file' && !inMemory.includes(id),
      );

      assert.ok(senders.length > 0);
      for (const { settings } of senders) {
        assert.equal(at(settings, 'sending_queue', 'storage'), 'file_storage/queue');
        assert.equal(at(settings, 'sending_queue', 'sizer'), 'bytes');
        assert.ok(Number(at(settings, 'sending_queue', 'queue_size')) > 0);
      }
    });

    it('explains every variable that it reads', () => {
      for (const file of files) {
        const [head = ''] = readText(file).split('\n\n');
        const read = readText(file).matchAll(/\$\{env:([A-Z0-9_]+)/g);
        for (const [, name = ''] of read) {
          assert.ok(head.includes(name), `${name} is not explained at the head of ${file}`);
        }
      }
    });
  });
}
