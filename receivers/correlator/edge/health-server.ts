import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenFailure } from '../../shared/listen-failure.ts';

export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** What is asked for each path: undefined when all is well, else what is not. */
export type HealthChecks = Readonly<Record<'/healthz' | '/readyz', () => string | undefined>>;

/** Serves the checks over plain HTTP: 200 `ok`, or 503 with the reason. Rejects with StartupError. */
export function startHealthServer(endpoint: string, checks: HealthChecks): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path !== '/healthz' && path !== '/readyz') return void response.writeHead(404).end();
    const problem = checks[path]();
    response.writeHead(problem === undefined ? 200 : 503, { 'content-type': 'text/plain' });
    response.end(`${problem ?? 'ok'}\n`);
  });
  const colon = endpoint.lastIndexOf(':');
  const host = endpoint.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(endpoint, error)));
    server.listen(Number(endpoint.slice(colon + 1)), host, () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}
