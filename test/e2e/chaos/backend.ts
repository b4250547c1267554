import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { stringify } from 'yaml';
import { kubectl, program } from '../../support/cluster.ts';
import { start, type Running } from '../../support/command.ts';
import { eventually } from '../../support/eventually.ts';
import { readSpans } from '../../support/spans-file.ts';

const runsForMs = 3_600_000;

/** A collector on this machine that writes what it gets to a file: a backend that can be away. */
export interface Backend {
  readonly endpoint: string;
  start(): Promise<void>;
  /** Ends it at once, in the middle of what it does. */
  kill(): Promise<void>;
  /** Ids of the spans that it has, each as often as it came. */
  spanIds(): Promise<string[]>;
  remove(): Promise<void>;
}

export async function prepareBackend(host: string, port: number): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-backend-'));
  const [config, file] = [join(folder, 'backend.yaml'), join(folder, 'spans.jsonl')];
  await writeFile(config, stringify(backendConfig(`${host}:${port}`, file)));
  await writeFile(file, '');
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
    spanIds: async () => (await readSpans(file)).map(({ spanId }) => spanId),
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

/** Has the gateway send to another backend than the viewer, as it does without the viewer's layer. */
export async function sendTo({ endpoint }: Backend): Promise<void> {
  const path = '/spec/template/spec/containers/0';
  const patch = [
    { op: 'add', path: `${path}/env/-`, value: { name: 'BACKEND_ENDPOINT', value: endpoint } },
    { op: 'add', path: `${path}/env/-`, value: { name: 'BACKEND_INSECURE', value: 'true' } },
    { op: 'replace', path: `${path}/args`, value: ['--config=/etc/otelcol/gateway.yaml'] },
  ];
  const how = ['--type=json', `--patch=${JSON.stringify(patch)}`];
  await kubectl([...gateway, 'patch', 'deployment/gateway', ...how]);
  await rolledOut();
}

export async function sendToViewerAgain(): Promise<void> {
  await kubectl([...gateway, 'rollout', 'undo', 'deployment/gateway']);
  await rolledOut();
}

async function rolledOut(): Promise<void> {
  await kubectl([...gateway, 'rollout', 'status', 'deployment/gateway', '--timeout=120s']);
}
