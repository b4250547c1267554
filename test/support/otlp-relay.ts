import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { readRequest } from '../../receivers/correlator/wire/request.ts';
import { emptySpan } from '../../receivers/correlator/wire/span.ts';
import { kubectl } from './cluster.ts';

const deadlineMs = 10_000;
const maxMessageBytes = 1 << 26;
const service = 'opentelemetry.proto.collector';
const paths = {
  traces: `/${service}.trace.v1.TraceService/Export`,
  metrics: `/${service}.metrics.v1.MetricsService/Export`,
} as const;

/**
 * Stands between a sender and the road, passes on every request and every answer, and remembers what was acknowledged.
 * One request goes to the gateway by TLS, the next to the agent of this machine's node, so that both roads are used.
 */
export interface OtlpRelay {
  readonly port: number;
  /** Ids of the spans whose request has been answered with OK. */
  readonly acknowledged: ReadonlySet<string>;
  /** Requests that have not been answered with OK. */
  refused(): number;
  close(): void;
}

/** Listens on `host` without TLS: for a pod of the test alone. */
export async function startRelay(host: string): Promise<OtlpRelay> {
  const roads = [await connectGateway(), connectAgent()];
  let requests = 0;
  const acknowledged = new Set<string>();
  let refused = 0;
  const pass =
    (path: string, taken: (request: Buffer) => void) =>
    ({ request }: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
      const deadline = Date.now() + deadlineMs;
      roads[requests++ % roads.length]?.makeUnaryRequest(
        path,
        same,
        same,
        request,
        new Metadata(),
        { deadline },
        answer,
      );
      function answer(error: Parameters<sendUnaryData<Buffer>>[0], response?: Buffer): void {
        if (error === null) taken(request);
        else refused++;
        done(error, response);
      }
    };
  const server = new Server({ 'grpc.max_receive_message_length': maxMessageBytes });
  server.addService(
    { traces: unary(paths.traces), metrics: unary(paths.metrics) },
    {
      traces: pass(paths.traces, (request) => {
        for (const id of spanIds(request)) acknowledged.add(id);
      }),
      metrics: pass(paths.metrics, () => {}),
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:0`, ServerCredentials.createInsecure(), (error, bound) => {
      return error === null ? resolve(bound) : reject(error);
    });
  });
  return {
    port,
    acknowledged,
    refused: () => refused,
    close: () => {
      server.forceShutdown();
      for (const road of roads) road.close();
    },
  };
}

const soonAgain = {
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 1000,
};

/** With the certificate of the receivers. */
async function connectGateway(): Promise<Client> {
  const inNamespace = ['--namespace', 'kube-latency', 'get'];
  const read = async (key: string): Promise<Buffer> => {
    const path = `--output=jsonpath={.data.${key.replace('.', '\\.')}}`;
    return Buffer.from(await kubectl([...inNamespace, 'secret', 'receiver-tls', path]), 'base64');
  };
  const [ca, cert, key, address] = await Promise.all([
    read('ca.crt'),
    read('tls.crt'),
    read('tls.key'),
    kubectl([...inNamespace, 'service', 'gateway', '--output=jsonpath={.spec.clusterIP}']),
  ]);
  return new Client(`${address}:4317`, credentials.createSsl(ca, key, cert), {
    'grpc.ssl_target_name_override': 'gateway.kube-latency.svc',
    ...soonAgain,
  });
}

function connectAgent(): Client {
  return new Client('127.0.0.1:4317', credentials.createInsecure(), soonAgain);
}

function same(bytes: Buffer): Buffer {
  return bytes;
}

function unary(path: string): {
  path: string;
  requestStream: false;
  responseStream: false;
  requestSerialize: typeof same;
  requestDeserialize: typeof same;
  responseSerialize: typeof same;
  responseDeserialize: typeof same;
} {
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

function spanIds(request: Buffer): string[] {
  const ids: string[] = [];
  const wrong = readRequest(
    request,
    emptySpan(),
    {
      wanted: () => true,
      unwanted: () => {},
      span: ({ bytes, spanIdAt }) => ids.push(bytes.toString('hex', spanIdAt, spanIdAt + 8)),
      malformed: (why) => {
        throw new Error(`a span that cannot be read: ${why}`);
      },
    },
    maxMessageBytes,
  );
  if (wrong !== undefined) throw new Error(`a request that cannot be read: ${wrong}`);
  return ids;
}
