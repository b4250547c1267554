import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TakenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface HttpServer {
  readonly url: URL;
  readonly taken: TakenRequest[];
  readonly stop: () => void;
}

/** A server on the loopback that answers as it is told. */
export async function startHttpServer(
  answer: (request: TakenRequest, response: ServerResponse) => void,
  host = '127.0.0.1',
): Promise<HttpServer> {
  const taken: TakenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const seen = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
      taken.push(seen);
      answer(seen, response);
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`),
    taken,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
