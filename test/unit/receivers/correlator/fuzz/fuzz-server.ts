import { Client, credentials, Metadata, status } from '@grpc/grpc-js';

import { loadConfig } from '../../../../../receivers/correlator/config.ts';
import { traceExportMethod } from '../../../../../receivers/correlator/edge/otlp-method.ts';
import { startOtlpServer } from '../../../../../receivers/correlator/edge/otlp-server.ts';
import { createEngine, type Engine } from '../../../../../receivers/correlator/engine.ts';
import { probePod, syncSpans, traceId } from '../harness.ts';
import { decodeRequest, encodeRequest } from '../otlp.ts';
import { mutatedRequest } from './mutated-request.ts';
import { seeded } from './random.ts';

/** Requests by what became of them. */
export interface Answers {
  taken: number;
  refused: number;
  tooLong: number;
}

export interface ServedResult {
  readonly answers: Answers;
  /** At least so many requests had another answer than the correlator meant, or none within 10 s. */
  readonly misanswered: number;
  /** A sound request that came after all the others was taken, and both of its spans came in. */
  readonly goodOneTaken: boolean;
}

const maxRequestBytes = 256 * 1024;
const atOnce = 8;
const deadlineMs = 10_000;
const startMs = 100_000;
const pod = probePod('p1');

/**
 * Sends mutated requests through a client and the correlator's server, several at once. Where the correlator throws,
 * or a copy of it cannot be decoded, the request counts as misanswered.
 */
export async function fuzzServer(requests: number, seed: number): Promise<ServedResult> {
  const config = loadConfig({}, { K8S_NODE_NAME: 'n1' });
  const engine = createEngine({
    config,
    resource: { 'service.name': 'correlator' },
    watching: () => true,
  });
  engine.pod({ kind: 'seen', pod, atMs: startMs });
  const meant: Answers = { taken: 0, refused: 0, tooLong: 0 };
  const server = await startOtlpServer({
    endpoint: '127.0.0.1:0',
    maxRequestBytes,
    receive: (request) => {
      const refusal = receive(engine, request);
      meant[refusal === undefined ? 'taken' : 'refused']++;
      return refusal;
    },
  });
  const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
  try {
    const answers = await sendAll(client, mutatedRequests(requests, seed), (request) => {
      if (request.length > maxRequestBytes) meant.tooLong++;
    });
    const answered = answers.taken + answers.refused + answers.tooLong;
    const misanswered = Math.max(
      requests - answered,
      ...(['taken', 'refused', 'tooLong'] as const).map((key) =>
        Math.abs(answers[key] - meant[key]),
      ),
    );
    return { answers, misanswered, goodOneTaken: await takesGoodOne(client, engine) };
  } finally {
    client.close();
    await server.stop(AbortSignal.timeout(1000));
  }
}

function receive(engine: Engine, request: Buffer): string | undefined {
  const nowMs = startMs + engine.counts.requests;
  const malformed = engine.receive(request, nowMs);
  engine.tick(nowMs);
  for (const { bytes } of engine.take()) decodeRequest(bytes);
  return malformed;
}

function* mutatedRequests(count: number, seed: number): Generator<Buffer> {
  const random = seeded(seed);
  for (let n = 0; n < count; n++) yield mutatedRequest(random);
}

async function sendAll(
  client: Client,
  requests: Iterable<Buffer>,
  sending: (request: Buffer) => void,
): Promise<Answers> {
  const answers: Answers = { taken: 0, refused: 0, tooLong: 0 };
  const outcomes: Partial<Record<status, keyof Answers>> = {
    [status.OK]: 'taken',
    [status.INVALID_ARGUMENT]: 'refused',
    [status.RESOURCE_EXHAUSTED]: 'tooLong',
  };
  const left = requests[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      sending(next.value);
      const outcome = outcomes[await statusOf(client, next.value)];
      if (outcome !== undefined) answers[outcome]++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answers;
}

function statusOf(client: Client, request: Buffer): Promise<status> {
  const { path, requestSerialize, responseDeserialize } = traceExportMethod;
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      new Metadata(),
      { deadline: Date.now() + deadlineMs },
      (error) => resolve(error?.code ?? status.OK),
    );
  });
}

async function takesGoodOne(client: Client, { counts }: Engine): Promise<boolean> {
  const before = counts.received;
  const spans = syncSpans(traceId('a good one'), pod);
  const answer = await statusOf(client, encodeRequest([{ service: 'kubelet', spans }]));
  return answer === status.OK && counts.received - before === spans.length;
}
