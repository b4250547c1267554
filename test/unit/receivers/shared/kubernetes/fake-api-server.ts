import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import type { KubeConnection } from '../../../../../receivers/shared/kubernetes/config.ts';
import { monitoringCert, monitoringKey } from '../../support-certificates.ts';

export interface TakenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (request: TakenRequest, response: ServerResponse) => void;

/** A stand-in for answers that a real API server cannot be made to give at will. */
export interface FakeApiServer {
  readonly connection: KubeConnection;
  readonly taken: TakenRequest[];
  readonly stop: () => void;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Port 0: any that is free. */
export async function startFakeApiServer(answer: Answer, atPort = 0): Promise<FakeApiServer> {
  const taken: TakenRequest[] = [];
  const server = createServer({ cert: monitoringCert, key: monitoringKey }, (request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '', 'https://127.0.0.1');
      const seen = { method: request.method ?? '', url, headers: request.headers, body };
      taken.push(seen);
      answer(seen, response);
    });
  });
  server.listen(atPort, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    taken,
    connection: {
      server: new URL(`https://127.0.0.1:${port}`),
      origin: 'the test',
      contextNamespace: undefined,
      credentials: () =>
        Promise.resolve({
          headers: { Authorization: 'Bearer test' },
          ca: monitoringCert,
          cert: undefined,
          key: undefined,
          passphrase: undefined,
          rejectUnauthorized: true,
          servername: undefined,
          proxyAgent: undefined,
        }),
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
