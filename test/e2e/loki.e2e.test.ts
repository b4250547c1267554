import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { extraProgram } from '../support/extra-program.ts';
import { startLoki, type Loki } from '../support/loki.ts';
import { at } from '../unit/collector-config/load.ts';
import { readYaml } from '../unit/manifests/objects.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import { jsonSender, newTraceId } from './collector-config/json-sender.ts';

const root = resolve(import.meta.dirname, '../..');
const component = 'manifests/components/tempo-grafana';
const layers = ['features/no-backend.yaml', 'features/loki.yaml'];

interface Place {
  readonly name: string;
  readonly config: string;
  readonly datasources: string;
  readonly args: () => unknown;
  readonly secure: boolean;
}

const places: readonly Place[] = [
  {
    name: 'docker-compose.yaml, without TLS',
    config: 'docker-compose/loki.yaml',
    datasources: 'docker-compose/grafana/datasources/datasources.yaml',
    args: () => at(readYaml('docker-compose.yaml'), 'services', 'loki', 'command'),
    secure: false,
  },
  {
    name: `${component}, behind TLS`,
    config: `${component}/loki.yaml`,
    datasources: `${component}/datasources.yaml`,
    args: () => {
      const pod = at(readYaml(`${component}/deployment-loki.yaml`), 'spec', 'template', 'spec');
      return at((at(pod, 'containers') as readonly unknown[])[0], 'args');
    },
    secure: true,
  },
];

for (const { name, config, datasources, args, secure } of places)
  describe(`the Loki of ${name}`, function () {
    this.timeout(120_000);
    const [ours, theirs] = [newTraceId(), newTraceId()];
    let folder: string;
    let collectors: Collectors;
    let loki: Loki;

    before('finds or builds a Loki, and sends it logs', async function () {
      this.timeout(45 * 60_000);
      const program = await extraProgram('loki', this);
      folder = await mkdtemp(join(tmpdir(), 'kube-latency-loki-'));
      collectors = await prepareCollectors();
      const { pki } = collectors.gateway;
      const [ca, cert, key] = ['CA', 'CERT', 'KEY'].map(
        (each) => pki[`GATEWAY_${each}_FILE`] ?? '',
      );
      assert.ok(ca && cert && key);
      loki = await startLoki(folder, {
        program,
        config: join(root, config),
        paths: {
          '/var/loki': join(folder, 'data'),
          '/etc/kube-latency/tls/tls.crt': cert,
          '/etc/kube-latency/tls/tls.key': key,
        },
        args: (args() as readonly string[]).filter((arg) => !arg.startsWith('-config.file=')),
        ...(secure ? { caFile: ca } : {}),
      });
      await collectors.startGateway(layers, {
        settings: collectors.plainDoor,
        env: { LOKI_URL: loki.url, ...(secure ? { LOKI_CA_FILE: ca } : {}) },
      });
      await jsonSender(collectors.plainUrl).logs([
        { body: 'Pulled image', service: 'kubernetes-events', traceId: ours },
        { body: 'listening', service: null, resource: podOf('web'), traceId: ours },
        { body: 'of another trace', service: null, resource: podOf('web'), traceId: theirs },
        { body: 'of no trace', service: null, resource: podOf('web') },
      ]);
    });

    after(async () => {
      await collectors?.remove();
      await loki?.stop();
      if (folder !== undefined) await rm(folder, { recursive: true });
    });

    it('gives what a trace has, asked as Grafana asks it from a span of Tempo or Jaeger', async () => {
      for (const from of ['Tempo', 'Jaeger']) {
        const query = queryOf(from, ours);
        await eventually(async () => {
          const found = await loki.query(query);
          assert.deepEqual(found.map(({ line }) => line).toSorted(), ['Pulled image', 'listening']);
        });
      }
    });

    it('has every line, with the trace where Grafana looks for the way back', async () => {
      const found = await loki.query('{service_name=~".+"}');

      const traces = new Map(found.map(({ line, labels }) => [line, labels[traceLabel()]]));
      assert.deepEqual(
        traces,
        new Map([
          ['Pulled image', ours],
          ['listening', ours],
          ['of another trace', theirs],
          ['of no trace', undefined],
        ]),
      );
    });

    function queryOf(from: string, traceId: string): string {
      const query = at(datasource(datasources, from), 'jsonData', 'tracesToLogsV2', 'query');
      return String(query).replace('$${__span.traceId}', traceId);
    }

    /** The label that derived fields match; Grafana reads `$$` as `$`. */
    function traceLabel(): string {
      const fields = at(datasource(datasources, 'Loki'), 'jsonData', 'derivedFields');
      const patterns = (fields as readonly unknown[]).map((field) => at(field, 'matcherRegex'));
      const [, label] = /^\^(\w+)\$\$$/.exec(String(patterns[0])) ?? [];
      assert.ok(label !== undefined && patterns.every((pattern) => pattern === patterns[0]));
      return label;
    }
  });

function podOf(name: string): Readonly<Record<string, string>> {
  return {
    'k8s.namespace.name': 'default',
    'k8s.pod.name': name,
    'k8s.pod.uid': '7a3cf1e2-0000-4000-8000-000000000001',
    'k8s.container.name': 'main',
  };
}

function datasource(file: string, name: string): unknown {
  const all = at(readYaml(file), 'datasources') as readonly { readonly name: string }[];
  return all.find((each) => each.name === name);
}
