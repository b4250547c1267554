import { get as httpGet, type ClientRequest, type IncomingMessage } from 'node:http';
import { get as httpsGet, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import type { HealthCheck } from '../host/journal.ts';

const checkTimeoutMs = 2000;

export interface HealthContext {
  /** PEM of the administrator, for checks by https. */
  readonly credentials: { readonly ca: string; readonly cert: string; readonly key: string };
  /** Process whose namespaces are the component's node's; null for the host's own. */
  readonly nodeProcess: number | null;
}

/** `ok`, or why not, in words. Never rejects, and answers within some seconds. */
export async function checkHealth(check: HealthCheck, context: HealthContext): Promise<string> {
  switch (check.kind) {
    case 'http':
      return check.url.startsWith('https:')
        ? answer((done) => httpsGet(check.url, { ...context.credentials, ...requestOptions }, done))
        : answer((done) => httpGet(check.url, requestOptions, done));
    case 'socket-in-node':
      return connectTo(`/proc/${context.nodeProcess}/root${check.path}`);
  }
}

const requestOptions: RequestOptions = { timeout: checkTimeoutMs, agent: false };

type Get = (done: (response: IncomingMessage) => void) => ClientRequest;

function answer(get: Get): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const request = get((response) => {
    response.resume();
    const { statusCode } = response;
    resolve(statusCode === 200 ? 'ok' : `answered with status ${statusCode}`);
  });
  request.once('timeout', () => request.destroy(new Error('no answer within 2 s')));
  request.once('error', (error) => resolve(error.message));
  return promise;
}

function connectTo(path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(path);
  socket.setTimeout(checkTimeoutMs, () => socket.destroy(new Error('no answer within 2 s')));
  socket.once('connect', () => resolve('ok'));
  socket.once('connect', () => socket.destroy());
  socket.once('error', (error) => resolve(error.message));
  return promise;
}
