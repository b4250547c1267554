import assert from 'node:assert/strict';
import { at } from '../collector-config/load.ts';
import { readYaml } from '../manifests/objects.ts';

/** What docker-compose.yaml and the component of manifests/ say of one program; they differ in what is left out. */
const pairs = [
  {
    name: 'Jaeger',
    files: ['docker-compose/jaeger.yaml', 'manifests/components/jaeger/jaeger.yaml'],
    apart: [
      // One has a volume, the other a folder of the pod.
      'extensions.jaeger_storage.backends.badger.badger.ttl',
      'extensions.jaeger_storage.metric_backends.monitor.prometheus.endpoint',
      'extensions.jaeger_storage.metric_backends.monitor.prometheus.tls',
      'extensions.jaeger_query.storage.metrics',
      'receivers.otlp.protocols.grpc.tls',
    ],
  },
  {
    name: 'Prometheus',
    files: ['docker-compose/prometheus.yaml', 'manifests/components/prometheus/prometheus.yaml'],
    apart: ['rule_files'],
  },
  {
    name: 'Tempo',
    files: ['docker-compose/tempo.yaml', 'manifests/components/tempo-grafana/tempo.yaml'],
    apart: [
      'server.http_tls_config',
      'distributor.receivers.otlp.protocols.grpc.tls',
      'overrides.defaults.compaction.block_retention',
    ],
  },
  {
    name: 'Loki',
    files: ['docker-compose/loki.yaml', 'manifests/components/tempo-grafana/loki.yaml'],
    apart: ['server.http_tls_config', 'server.grpc_listen_address'],
  },
  {
    name: 'Grafana, where it has dashboards from',
    files: [
      'docker-compose/grafana/dashboards/dashboards.yaml',
      'manifests/components/tempo-grafana/dashboards.yaml',
    ],
    apart: [],
  },
] as const;

describe('docker-compose/ and manifests/', () => {
  for (const { name, files, apart } of pairs)
    it(`say the same of ${name}, but for ${apart.join(', ') || 'nothing'}`, () => {
      const [compose, manifests] = files.map((file) => readYaml(file));

      assert.deepEqual(without(compose, apart), without(manifests, apart));
      for (const path of apart)
        assert.notDeepEqual(at(compose, ...path.split('.')), at(manifests, ...path.split('.')));
    });

  it('give Grafana the same data sources, but for where they are and TLS', () => {
    const [compose, manifests] = [
      'docker-compose/grafana/datasources/datasources.yaml',
      'manifests/components/tempo-grafana/datasources.yaml',
    ].map((file) => at(readYaml(file), 'datasources') as readonly unknown[]);
    const apart = ['url', 'secureJsonData', 'jsonData.tlsAuthWithCACert'];
    const same = (all: readonly unknown[] = []): unknown[] =>
      all.map((each) => without(each, apart));

    assert.deepEqual(same(compose), same(manifests));
    assert.deepEqual(compose?.map(placeOf), manifests?.map(placeOf));
  });

  for (const [place, jaeger, tempo] of [
    ['docker-compose', 'docker-compose/jaeger.yaml', 'docker-compose/tempo.yaml'],
    [
      'manifests',
      'manifests/components/jaeger/jaeger.yaml',
      'manifests/components/tempo-grafana/tempo.yaml',
    ],
  ] as const)
    it(`keep traces in Tempo as long as in Jaeger: ${place}`, () => {
      const storage = at(readYaml(jaeger), 'extensions', 'jaeger_storage', 'backends', 'badger');
      const defaults = at(readYaml(tempo), 'overrides', 'defaults');

      const kept = at(storage, 'badger', 'ttl', 'spans');
      assert.match(String(kept), /^\d+h$/);
      assert.equal(at(defaults, 'compaction', 'block_retention'), kept);
    });
});

/** Host and port of a data source, without what a cluster adds to a host's name. */
function placeOf(datasource: unknown): string {
  const { hostname, port } = new URL(String(at(datasource, 'url')));
  return `${hostname.replace(/\.kube-latency\.svc$/, '')}:${port}`;
}

/** A value without what lies at some paths of keys. */
function without(value: unknown, paths: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !paths.includes(key))
      .map(([key, inner]) => [
        key,
        without(
          inner,
          paths
            .filter((path) => path.startsWith(`${key}.`))
            .map((path) => path.slice(key.length + 1)),
        ),
      ]),
  );
}
