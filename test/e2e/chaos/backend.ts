import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { stringify } from 'yaml';
import { kubectl, program } from '../../support/cluster.ts';
import { start, type Running } from '../../support/command.ts';
import { eventually } from '../../support/eventually.ts';

const runsForMs = 3_600_000;

/** A collector on this machine that writes what it gets to a file: a backend that can be away. */
export interface Backend {
  readonly endpoint: string;
  start(): Promise<void>;
  /** Ends it at once, in the middle of what it does. */
  kill(): Promise<void>;
  /** Where it writes what it gets. */
  readonly spansFile: string;
  remove(): Promise<void>;
}

export async function prepareBackend(host: string, port: number): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-backend-'));
  const config = join(folder, 'backend.yaml');
  const spansFile = join(folder, 'spans.jsonl');
  await writeFile(config, stringify(backendConfig(`${host}:${port}`, spansFile)));
  await writeFile(spansFile, '');
  let running: Running | undefined;
  const kill = async (): Promise<void> => {
    running?.child.kill('SIGKILL');
    await running?.finished;
    running = undefined;
  };
  return {
    endpoint: `${host}:${port}`,
    start: async () => {
      running = start(program('otelcol-kube-latency'), ['--config', config], {
        timeoutMs: runsForMs,
      });
      await eventually(() => connected(host, port), { everyMs: 100 });
    },
    kill,
    spansFile,
    remove: async () => {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

function backendConfig(endpoint: string, path: string): object {
  return {
    receivers: { otlp: { protocols: { grpc: { endpoint, max_recv_msg_size_mib: 64 } } } },
    // A rotated file is written without a buffer, so what was acknowledged is there.
    exporters: { file: { path, rotation: { max_megabytes: 512 } } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: Object.fromEntries(
        ['traces', 'metrics', 'logs'].map((signal) => [
          signal,
          { receivers: ['otlp'], exporters: ['file'] },
        ]),
      ),
    },
  };
}

function connected(host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port });
  socket.once('connect', () => resolve(socket.destroy() && undefined));
  socket.once('error', reject);
  return promise;
}

const gateway = ['--namespace', 'kube-latency'];

/**
 * Has the gateway send to another backend than the viewer, as it does without the viewer's layer, until the result is
 * called.
 */
export async function sendTo({ endpoint }: Backend): Promise<() => Promise<void>> {
  const path = '/spec/template/spec/containers/0';
  const before = await gatewayContainer();
  await patchGateway([
    {
      op: 'add',
      path: `${path}/env/-`,
      value: { name: 'BACKEND_ENDPOINT', value: endpoint },
    },
    { op: 'add', path: `${path}/env/-`, value: { name: 'BACKEND_INSECURE', value: 'true' } },
    { op: 'replace', path: `${path}/args`, value: ['--config=/etc/otelcol/gateway.yaml'] },
  ]);
  return () => patchGateway([{ op: 'replace', path, value: before }]);
}

async function patchGateway(patch: readonly object[]): Promise<void> {
  const how = ['--type=json', `--patch=${JSON.stringify(patch)}`];
  await kubectl([...gateway, 'patch', 'deployment/gateway', ...how]);
  await kubectl([...gateway, 'rollout', 'status', 'deployment/gateway', '--timeout=120s']);
}

async function gatewayContainer(): Promise<unknown> {
  const path = '--output=jsonpath={.spec.template.spec.containers[0]}';
  return JSON.parse(await kubectl([...gateway, 'get', 'deployment/gateway', path])) as unknown;
}
