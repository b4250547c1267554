import type { IncomingMessage } from 'node:http';

import packageJson from '../../../package.json' with { type: 'json' };
import { startDeadline } from '../deadline.ts';
import { messageOf } from '../errors.ts';
import { createSemaphore } from '../semaphore.ts';
import type { WallClock } from '../wall-clock.ts';
import type { KubeConnection } from './config.ts';
import { exchange, readText, type Exchange, type Outgoing } from './exchange.ts';
import { createTransportSource } from './transport.ts';

type Verb = 'get' | 'list' | 'watch' | 'create' | 'patch' | 'delete';

export interface KubeRequest {
  readonly verb: Verb;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Media type of the body; default application/json. */
  readonly contentType?: string;
}

/** What came of a request. An answer of any status is an answer. */
export type KubeAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: unknown;
      readonly retryAfterMs: number | null;
      /** The header Date: when whoever answered did, by their own clock, cut to whole seconds. */
      readonly date: string | null;
      readonly sentNs: bigint;
      readonly answeredNs: bigint;
    }
  | {
      readonly kind: 'failed';
      readonly reason: 'timeout' | 'cancelled' | 'network' | 'credentials';
      readonly message: string;
      /** Null: the request never left, so the server cannot have acted on it. */
      readonly sentNs: bigint | null;
      readonly endedNs: bigint;
    };

/** Counts of what went over the wire, bodies only (no TLS, no HTTP headers). */
export interface KubeUse {
  readonly requests: Readonly<Record<Verb, number>>;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

type StreamAnswer = { readonly kind: 'open'; readonly response: IncomingMessage } | KubeAnswer;

/** The Kubernetes API as this project needs it: JSON over HTTPS with connections that are kept. */
export interface KubeClient {
  readonly server: URL;
  /** Resolves when the first request has left or failed: the time for work that would delay it. */
  readonly begun: Promise<void>;
  /** Sends a request and reads the whole answer within timeoutMs. Never rejects. */
  readonly request: (
    request: KubeRequest,
    limits: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ) => Promise<KubeAnswer>;
  /** Opens a watch; the head must come within timeoutMs, the signal then ends the stream. */
  readonly stream: (
    request: KubeRequest,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ) => Promise<StreamAnswer>;
  /** Adds what a stream's reader received. */
  readonly received: (bytes: number) => void;
  readonly use: () => KubeUse;
  /** The client certificate in use, once a request was made; undefined where a token is used. */
  readonly certificate: () => string | Buffer | undefined;
  /** Destroys every connection. */
  readonly close: () => void;
}

const methods: Readonly<Record<Verb, string>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  patch: 'PATCH',
  delete: 'DELETE',
};

/** Requests in flight at once; more wait in the client, so that they are not timed while they wait. */
const maxInFlight = 32;
const maxAnswerBytes = 64 * 1024 * 1024;

function outgoing(server: URL, request: KubeRequest, userAgent: string): Outgoing {
  const url = new URL(server.pathname.replace(/\/$/, '') + request.path, server);
  for (const [key, value] of Object.entries(request.query ?? {})) url.searchParams.set(key, value);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const content: Record<string, string> =
    body === undefined
      ? {}
      : {
          'Content-Type': request.contentType ?? 'application/json',
          'Content-Length': String(Buffer.byteLength(body)),
        };
  const common = { Accept: 'application/json', 'User-Agent': userAgent };
  const headers = { ...common, ...content, ...request.headers };
  return { url, method: methods[request.verb], headers, body };
}

function parseBody(text: Buffer): unknown {
  if (text.length === 0) return null;
  try {
    return JSON.parse(text.toString('utf8')) as unknown;
  } catch {
    // Not JSON: a proxy's page or a plain-text refusal; the words are all there is.
    return { message: text.toString('utf8').trim().slice(0, 500) };
  }
}

function retryAfterMs(response: IncomingMessage): number | null {
  const seconds = Number(response.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
}

/**
 * Makes a client that calls itself `<product>/<version>`; nothing is opened before the first request.
 * Close it when done.
 */
export function createKubeClient(
  connection: KubeConnection,
  clock: WallClock,
  product = 'kube-latency',
): KubeClient {
  const userAgent = `${product}/${packageJson.version}`;
  const transports = createTransportSource(connection);
  const places = createSemaphore(maxInFlight);
  const requests: Record<Verb, number> = {
    get: 0,
    list: 0,
    watch: 0,
    create: 0,
    patch: 0,
    delete: 0,
  };
  const begun = Promise.withResolvers<void>();
  let sentBytes = 0;
  let receivedBytes = 0;

  async function once(what: KubeRequest, signal: AbortSignal): Promise<Exchange> {
    const out = outgoing(connection.server, what, userAgent);
    const transport = await transports.get().catch(unsent);
    requests[what.verb]++;
    sentBytes += out.body === undefined ? 0 : Buffer.byteLength(out.body);
    return exchange(out, transport, { clock, signal, sent: begun.resolve });
  }

  /**
   * Sends again, once, what hit a connection that the server had closed, or an expired credential. Not
   * a creation that left: the server may have acted on it before the connection broke.
   */
  async function send(what: KubeRequest, signal: AbortSignal): Promise<Exchange> {
    const first = await once(what, signal);
    const repeatable = what.verb !== 'create' || first.sentNs === null;
    if (first.kind === 'failed' && first.stale && repeatable && !signal.aborted) {
      return once(what, signal);
    }
    if (first.kind === 'response' && first.response.statusCode === 401) {
      transports.refused();
      first.response.resume();
      return once(what, signal);
    }
    return first;
  }

  /** Never left: nobody shall wait for it. */
  function unsent(error: unknown): never {
    begun.resolve();
    throw error;
  }

  type Failed = Extract<KubeAnswer, { kind: 'failed' }>;

  function failed(message: string, sentNs: bigint | null, reason: Failed['reason']): Failed {
    return { kind: 'failed', reason, message, sentNs, endedNs: clock.nowNs() };
  }

  async function answered(result: Extract<Exchange, { kind: 'response' }>): Promise<KubeAnswer> {
    const { response, sentNs, answeredNs } = result;
    const text = await readText(response, maxAnswerBytes);
    receivedBytes += text.length;
    const status = response.statusCode ?? 0;
    return {
      kind: 'answer',
      status,
      body: parseBody(text),
      retryAfterMs: retryAfterMs(response),
      date: response.headers.date ?? null,
      sentNs,
      answeredNs,
    };
  }

  async function request(
    what: KubeRequest,
    limits: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<KubeAnswer> {
    if ((await places.acquire(limits.signal)) === 'ended') {
      return failed('stopped before the request was sent', null, 'cancelled');
    }
    const deadline = startDeadline(limits.timeoutMs, limits.signal);
    const whyStopped = (): 'timeout' | 'cancelled' | 'network' => {
      if (!deadline.signal.aborted) return 'network';
      return deadline.expired() ? 'timeout' : 'cancelled';
    };
    let sentNs: bigint | null = null;
    let reached = false;
    try {
      const result = await send(what, deadline.signal);
      reached = true;
      sentNs = result.sentNs;
      if (result.kind === 'response') return await answered(result);
      return failed(messageOf(result.error), sentNs, whyStopped());
    } catch (caught) {
      const reason = reached || deadline.signal.aborted ? whyStopped() : 'credentials';
      return failed(messageOf(caught), sentNs, reason);
    } finally {
      deadline.clear();
      places.release();
    }
  }

  async function stream(
    what: KubeRequest,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<StreamAnswer> {
    const head = startDeadline(limits.timeoutMs, limits.signal);
    const stop = new AbortController();
    const end = (): void => stop.abort();
    head.signal.addEventListener('abort', end);
    if (head.signal.aborted) end();
    try {
      const result = await send(what, stop.signal);
      if (result.kind === 'failed') {
        const late = head.expired() ? 'timeout' : 'network';
        const reason = limits.signal.aborted ? 'cancelled' : late;
        return failed(messageOf(result.error), result.sentNs, reason);
      }
      if (result.response.statusCode !== 200) return await answered(result);
      limits.signal.addEventListener('abort', end);
      result.response.once('close', () => limits.signal.removeEventListener('abort', end));
      return { kind: 'open', response: result.response };
    } catch (caught) {
      return failed(messageOf(caught), null, 'credentials');
    } finally {
      head.signal.removeEventListener('abort', end);
      head.clear();
    }
  }

  return {
    server: connection.server,
    begun: begun.promise,
    request,
    stream,
    received: (bytes) => (receivedBytes += bytes),
    use: () => ({ requests: { ...requests }, sentBytes, receivedBytes }),
    certificate: () => transports.credentials()?.cert,
    close: () => transports.close(),
  };
}

/** The sentence of a Status object that the API server answers with, or undefined. */
export function statusMessage(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('message' in body)) return undefined;
  return typeof body.message === 'string' ? body.message.replaceAll(/\s*\n\s*/g, ' ') : undefined;
}
