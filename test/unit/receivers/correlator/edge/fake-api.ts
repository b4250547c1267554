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
  /** Changes what a list answers. */
  readonly answer: (status: number, items: readonly object[]) => void;
}

/** An API server's answers to lists and watches, without one. */
export function createFakeApi(items: readonly object[] = []): FakeApi {
  const requests: KubeRequest[] = [];
  const streams: { path: string; stream: PassThrough }[] = [];
  let status = 200;
  let listed = items;
  const open = (path: string): PassThrough[] =>
    streams.flatMap((each) => (each.path === path && !each.stream.destroyed ? [each.stream] : []));
  const client: KubeClient = {
    server: new URL('https://127.0.0.1:1'),
    begun: Promise.resolve(),
    request: async (request) => {
      requests.push(request);
      if (status === 0)
        return {
          kind: 'failed',
          reason: 'network',
          message: 'no route',
          sentNs: null,
          endedNs: 0n,
        };
      const body =
        status === 200
          ? { items: listed, metadata: { resourceVersion: '1' } }
          : { message: 'not you' };
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
    answer: (newStatus, newItems) => {
      status = newStatus;
      listed = newItems;
    },
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
