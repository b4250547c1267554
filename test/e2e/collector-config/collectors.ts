import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuthority } from '../../../receivers/shared/certificates.ts';
import { start, type Running } from '../../support/command.ts';
import { eventually } from '../../support/eventually.ts';
import { freePorts } from '../../support/free-ports.ts';

const configFolder = fileURLToPath(new URL('../../../collector-config/', import.meta.url));

type Variables = Readonly<Record<string, string>>;

/** What layers want to know, pointing where nobody is. */
const nowhere: Variables = {
  AWS_REGION: 'eu-central-1',
  HOST_ROOT: '/',
  JAEGER_ENDPOINT: '127.0.0.1:1',
  K8S_AUTH_TYPE: 'kubeConfig',
  KUBELET_AUTH_TYPE: 'tls',
  KUBELET_ENDPOINT: '127.0.0.1:1',
  OTLP_URL: 'http://127.0.0.1:1',
  PROMETHEUS_URL: 'http://127.0.0.1:1',
  SAMPLERS_HOST: 'localhost',
  SAMPLERS_NAME: '127.0.0.1',
  TEMPO_ENDPOINT: '127.0.0.1:1',
  LOKI_URL: 'http://127.0.0.1:1',
};

/** What one start of a collector has that others have not. */
interface StartOptions {
  /** It has a certificate of another authority. */
  readonly stranger?: boolean;
  /** A layer over all others. */
  readonly settings?: object;
  readonly env?: Variables;
}

/** Agents and gateways as a cluster runs them, on ports of their own and with certificates of their own. */
export interface Collectors {
  readonly spansFile: string;
  readonly metricsFile: string;
  readonly logsFile: string;
  /** Folders of the queues. */
  readonly storage: { readonly agent: string; readonly gateway: string };
  /** Where the agent takes OTLP over gRPC. */
  readonly agentUrl: string;
  /** host:port of the gateway, and the files of its certificate. */
  readonly gateway: { readonly endpoint: string; readonly pki: Variables };
  /** The files of the agent's certificate, as the variables that name them. */
  readonly clientPki: Variables;
  /** Where the gateway takes OTLP over HTTP and TLS, with features/otlp-http.yaml. */
  readonly httpUrl: string;
  /** Where it takes plain OTLP over HTTP, with layer `plainDoor` over it. */
  readonly plainUrl: string;
  readonly plainDoor: object;
  /** Writes texts to files of their own, and gives their paths. */
  write(texts: readonly string[]): Promise<string[]>;
  /** Runs `otelcol validate` over configuration files. */
  validate(files: readonly string[]): Running;
  /** A gateway with features laid over it. */
  startGateway(features?: readonly string[], options?: StartOptions): Promise<Running>;
  /** A server where the correlator should be, which takes connections and never answers. */
  startSilentCorrelator(): Promise<{ connections(): number; close(): void }>;
  /** An agent with features laid over it. */
  startAgent(features?: readonly string[], options?: StartOptions): Promise<Running>;
  /** The sum of a metric that a collector shows of itself, over series that have these labels; 0 where it has none. */
  ownMetric(of: 'agent' | 'gateway', name: string, labels?: Variables): Promise<number>;
  /** Stops what runs and removes every file. */
  remove(): Promise<void>;
  stopAll(): Promise<void>;
}

/** Collectors that are another program than the one that a cluster runs, where one is named. */
export async function prepareCollectors(
  program = process.env['KUBE_LATENCY_OTELCOL'],
): Promise<Collectors> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-collectors-'));
  const [own, strange] = [join(folder, 'pki'), join(folder, 'strange-pki')];
  const [agentPort, gatewayPort, stitchedPort, correlatorPort, ...ports] = await freePorts(12);
  const env: Variables = {
    K8S_NODE_NAME: 'node-of-the-test',
    K8S_CLUSTER_NAME: 'cluster-of-the-test',
    GATEWAY_LISTEN: `127.0.0.1:${gatewayPort}`,
    GATEWAY_ENDPOINT: `127.0.0.1:${gatewayPort}`,
    BACKEND_ENDPOINT: `127.0.0.1:${ports[0]}`,
    BACKEND_INSECURE: 'true',
    SPANS_FILE: join(folder, 'spans.jsonl'),
    HEALTH_ENDPOINT: `127.0.0.1:${ports[1]}`,
    TELEMETRY_PORT: String(ports[2]),
    OWN_METRICS_PORT: String(ports[5]),
    GATEWAY_HTTP_LISTEN: `127.0.0.1:${ports[6]}`,
    ...nowhere,
  };
  const storage = { agent: join(folder, 'agent'), gateway: join(folder, 'gateway') };
  const agentPorts = join(folder, 'agent-ports.yaml');
  await writeFile(
    agentPorts,
    overlay({ agentPort, stitchedPort, correlatorPort, health: ports[3], telemetry: ports[4] }),
  );
  const [variables, strangeVariables] = await Promise.all([writePki(own), writePki(strange)]);
  const running: Running[] = [];
  let silent: Server | undefined;

  function run(verb: readonly string[], files: readonly string[], more: Variables): Running {
    assert.ok(program, 'KUBE_LATENCY_OTELCOL names no collector; run by `npm run test:e2e`');
    const paths = files.map((file) => (isAbsolute(file) ? file : join(configFolder, file)));
    const args = [...verb, ...paths.flatMap((path) => ['--config', path])];
    return start(program, args, {
      env: { ...env, ...certificates, ...variables.gateway, ...more },
    });
  }

  /** The agent's certificate, for whom a layer names one of its own. */
  const certificates = Object.fromEntries(
    Object.entries(variables.agent).flatMap(([name, file]) =>
      ['KUBELET', 'SAMPLERS'].map((owner) => [name.replace('GATEWAY', owner), file]),
    ),
  );

  let layers = 0;
  async function startReady(
    files: readonly string[],
    { settings, env: more }: StartOptions,
  ): Promise<Running> {
    const layer = join(folder, `layer-${layers++}.yaml`);
    await writeFile(layer, JSON.stringify(settings ?? {}));
    const started = run([], [...files, layer], more ?? {});
    running.push(started);
    await eventually(() => assert.match(started.stderr(), /Everything is ready/), {
      everyMs: 50,
    });
    return started;
  }

  async function stopAll(): Promise<void> {
    for (const { child } of running) child.kill('SIGTERM');
    await Promise.all(running.splice(0).map(({ finished }) => finished));
  }

  return {
    spansFile: join(folder, 'spans.jsonl'),
    metricsFile: join(storage.gateway, 'metrics.jsonl'),
    logsFile: join(storage.gateway, 'logs.jsonl'),
    storage,
    agentUrl: `http://127.0.0.1:${agentPort}`,
    gateway: { endpoint: `127.0.0.1:${gatewayPort}`, pki: variables.gateway },
    clientPki: variables.agent,
    httpUrl: `https://127.0.0.1:${ports[6]}`,
    plainUrl: `http://127.0.0.1:${ports[7]}`,
    plainDoor: {
      receivers: {
        otlp: { protocols: { http: { endpoint: `127.0.0.1:${ports[7]}`, tls: null } } },
      },
    },
    write: (texts) =>
      Promise.all(
        texts.map(async (text, n) => {
          const path = join(folder, `written-${n}.yaml`);
          await writeFile(path, text);
          return path;
        }),
      ),
    validate: (files) => run(['validate'], files, { STORAGE_DIR: join(folder, 'queue') }),
    startGateway: (features = [], options = {}) =>
      startReady(['gateway.yaml', ...features], {
        ...options,
        env: { STORAGE_DIR: storage.gateway, ...options.env },
      }),
    startSilentCorrelator: async () => {
      let connections = 0;
      const server = createServer((socket) => {
        connections++;
        close.signal.addEventListener('abort', () => socket.destroy());
      });
      const close = new AbortController();
      silent = server;
      server.listen(correlatorPort, '127.0.0.1');
      await once(server, 'listening');
      return {
        connections: () => connections,
        close: () => {
          server.close();
          close.abort();
        },
      };
    },
    startAgent: (features = [], options = {}) =>
      startReady(['agent.yaml', ...features, agentPorts], {
        ...options,
        env: {
          ...(options.stranger === true ? strangeVariables : variables).agent,
          GATEWAY_CA_FILE: variables.agent['GATEWAY_CA_FILE'] ?? '',
          STORAGE_DIR: storage.agent,
          ...options.env,
        },
      }),
    ownMetric: async (of, name, labels = {}) => {
      const page = await fetch(`http://127.0.0.1:${of === 'agent' ? ports[4] : ports[2]}/metrics`);
      return sumOf(await page.text(), name, labels);
    },
    stopAll,
    remove: async () => {
      silent?.close();
      await stopAll();
      await rm(folder, { recursive: true });
    },
  };
}

/** The sum of a metric's series, of those that have the labels, on a page of Prometheus's text. */
function sumOf(page: string, name: string, labels: Variables): number {
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) =>
      Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)),
    )
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Moves an agent away from the ports of a node's real one. */
function overlay({
  agentPort,
  stitchedPort,
  correlatorPort,
  health,
  telemetry,
}: Readonly<Record<string, number | undefined>>): string {
  const taking = (port?: number): object => ({
    protocols: { grpc: { endpoint: `127.0.0.1:${port}` } },
  });
  return JSON.stringify({
    receivers: { otlp: taking(agentPort), 'otlp/stitched': taking(stitchedPort) },
    exporters: { 'otlp_grpc/correlator': { endpoint: `127.0.0.1:${correlatorPort}` } },
    extensions: { health_check: { endpoint: `127.0.0.1:${health}` } },
    service: {
      telemetry: {
        metrics: {
          readers: [
            {
              pull: {
                exporter: {
                  prometheus: { host: '127.0.0.1', port: telemetry },
                },
              },
            },
            {
              periodic: {
                interval: 1000,
                timeout: 1000,
                exporter: {
                  otlp: { protocol: 'grpc', endpoint: `http://127.0.0.1:${agentPort}` },
                },
              },
            },
          ],
        },
      },
    },
  });
}

/** An authority, a server and a client certificate; as the variables that name their files. */
async function writePki(folder: string): Promise<{ gateway: Variables; agent: Variables }> {
  const authority = await createAuthority('test');
  const [server, client] = await Promise.all([
    authority.issue({
      commonName: 'gateway',
      usages: ['server'],
      names: [{ type: 'ip', value: '127.0.0.1' }],
    }),
    authority.issue({ commonName: 'agent', usages: ['client'] }),
  ]);
  await mkdir(folder);
  const write = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const ca = { GATEWAY_CA_FILE: await write('ca.crt', authority.pair.cert) };
  return {
    gateway: {
      ...ca,
      GATEWAY_CERT_FILE: await write('gateway.crt', server.cert),
      GATEWAY_KEY_FILE: await write('gateway.key', server.key),
    },
    agent: {
      ...ca,
      GATEWAY_CERT_FILE: await write('agent.crt', client.cert),
      GATEWAY_KEY_FILE: await write('agent.key', client.key),
    },
  };
}
