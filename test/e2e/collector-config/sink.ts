import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { start } from '../../support/command.ts';
import { eventually } from '../../support/eventually.ts';
import { freePorts } from '../../support/free-ports.ts';
import type { Collectors } from './collectors.ts';

/** A collector in a backend's place: it asks for certificates, and writes what it gets to a file. */
export interface Sink {
  readonly file: string;
  /** host:port of OTLP over gRPC. */
  readonly grpc: string;
  /** URL of OTLP over HTTP. */
  readonly http: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Headers become resource attributes of these names. */
const headers = ['api-key', 'x-scope-orgid'];

/** Makes a sink in a folder, with the authority of `collectors`; it does not run yet. Logs may have a path of their own. */
export async function createSink(
  folder: string,
  { gateway }: Collectors,
  logsPath = '/v1/logs',
): Promise<Sink> {
  const [grpcPort, httpPort] = await freePorts(2);
  const file = join(folder, 'sink.jsonl');
  const config = join(folder, 'sink.yaml');
  const door = (port: number | undefined): object => ({
    endpoint: `127.0.0.1:${port}`,
    include_metadata: true,
    tls: {
      client_ca_file: gateway.pki['GATEWAY_CA_FILE'],
      cert_file: gateway.pki['GATEWAY_CERT_FILE'],
      key_file: gateway.pki['GATEWAY_KEY_FILE'],
    },
  });
  const pipeline = { receivers: ['otlp'], processors: ['resource'], exporters: ['file'] };
  const attributes = headers.map((key) => ({
    key,
    from_context: `metadata.${key}`,
    action: 'insert',
  }));
  await writeFile(
    config,
    JSON.stringify({
      receivers: {
        otlp: {
          protocols: {
            grpc: door(grpcPort),
            http: { ...door(httpPort), logs_url_path: logsPath },
          },
        },
      },
      processors: { resource: { attributes } },
      exporters: { file: { path: file, append: true } },
      service: {
        telemetry: { metrics: { level: 'none' } },
        pipelines: { traces: pipeline, metrics: pipeline, logs: pipeline },
      },
    }),
  );
  let running: ReturnType<typeof start> | undefined;
  return {
    file,
    grpc: `127.0.0.1:${grpcPort}`,
    http: `https://127.0.0.1:${httpPort}`,
    start: async () => {
      const program = process.env['KUBE_LATENCY_OTELCOL'];
      assert.ok(program);
      const started = start(program, ['--config', config]);
      running = started;
      await eventually(() => assert.match(started.stderr(), /Everything is ready/), {
        everyMs: 50,
      });
    },
    stop: async () => {
      running?.child.kill('SIGTERM');
      await running?.finished;
    },
  };
}
