import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';

import type { KubeClient, KubeRequest } from '../../../../../receivers/shared/kubernetes/client.ts';

export interface FakeApi {
  readonly client: KubeClient;
  /** What was asked for, in order. */
  readonly requests: KubeRequest[];
  /** Sends a line to every watch of the path that is open. */
  readonly tell: (path: string, line: object) => void;
  /** Ends every watch of the path that is open. */
  readonly cut: (path: string) => void;
  /** Changes what a list answers, of every path or of one; status 0: nothing. */
  readonly answer: (status: number, items: readonly object[], path?: string) => void;
  /** Whether watches are refused. */
  readonly refuseWatches: (refused: boolean) => void;
}

/** An API server's answers to lists, one item a page, and to watches, without one. */
export function createFakeApi(items: readonly object[] = []): FakeApi {
  const requests: KubeRequest[] = [];
  const streams: { path: string; stream: PassThrough }[] = [];
  const answers = new Map([['', { status: 200, listed: items }]]);
  let refused = false;
  const open = (path: string): PassThrough[] =>
    streams.flatMap((each) => (each.path === path && !each.stream.destroyed ? [each.stream] : []));
  const client: KubeClient = {
    server: new URL('https://127.0.0.1:1'),
    begun: Promise.resolve(),
    request: async (request) => {
      requests.push(request);
      const { status, listed } = answers.get(request.path) ??
        answers.get('') ?? { status: 0, listed: [] };
      if (status === 0)
        return {
          kind: 'failed',
          reason: 'network',
          message: 'no route',
          sentNs: null,
          endedNs: 0n,
        };
      const at = Number(request.query?.['continue'] ?? 0);
      const more = at + 1 < listed.length ? { continue: String(at + 1) } : {};
      const metadata = { resourceVersion: '1', ...more };
      const body =
        status === 200 ? { items: listed.slice(at, at + 1), metadata } : { message: 'not you' };
      return {
        kind: 'answer',
        status,
        body,
        retryAfterMs: null,
        date: null,
        sentNs: 0n,
        answeredNs: 100_000_000_000n,
      };
    },
    stream: async (request, { signal }) => {
      requests.push(request);
      if (refused)
        return {
          kind: 'answer',
          status: 403,
          body: { message: 'no watch' },
          retryAfterMs: null,
          date: null,
          sentNs: 0n,
          answeredNs: 0n,
        };
      const stream = new PassThrough();
      signal.addEventListener('abort', () => stream.destroy(), { once: true });
      streams.push({ path: request.path, stream });
      return { kind: 'open', response: stream as unknown as IncomingMessage };
    },
    received: () => undefined,
    use: () => ({
      requests: { get: 0, list: 0, watch: 0, create: 0, patch: 0, delete: 0 },
      sentBytes: 0,
      receivedBytes: 0,
    }),
    certificate: () => undefined,
    close: () => undefined,
  };
  return {
    client,
    requests,
    tell: (path, line) => open(path).forEach((stream) => stream.write(`${JSON.stringify(line)}\n`)),
    cut: (path) => open(path).forEach((stream) => stream.end()),
    answer: (status, listed, path = '') => void answers.set(path, { status, listed }),
    refuseWatches: (on) => (refused = on),
  };
}

export const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export const stoppedClock = { nowNs: () => 100_500_000_000n };

/** A pod as the API server shows it. */
export function podObject(name: string, uid: string, more: object = {}): object {
  return {
    metadata: {
      uid,
      name,
      namespace: 'kube-latency',
      labels: { app: 'probe' },
      creationTimestamp: '1970-01-01T00:01:40Z',
      ...more,
    },
  };
}
