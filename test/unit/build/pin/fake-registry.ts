import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly close: () => Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse, host: string) => void;

export async function startRegistry(answer: Answer): Promise<FakeRegistry> {
  const server = createServer((request, response) => answer(request, response, host));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    close: async () => {
      const closed = once(server, 'close');
      server.closeAllConnections();
      server.close();
      await closed;
    },
  };
}

/** Gives a manifest for `library/node:24` to whoever has the token that it gives to everybody. */
export function withTokens(manifest: string, headers: Record<string, string> = {}): Answer {
  return (request, response, host) => {
    const url = new URL(request.url ?? '', `http://${host}`);
    if (url.pathname === '/token') {
      const asked = `${url.searchParams.get('service')} ${url.searchParams.get('scope')}`;
      const known = asked === 'fake repository:library/node:pull';
      response.writeHead(known ? 200 : 400).end(JSON.stringify({ token: 'anonymous' }));
      return;
    }
    if (request.headers.authorization !== 'Bearer anonymous') {
      const scope = 'repository:library/node:pull';
      const challenge = `Bearer realm="http://${host}/token",service="fake",scope="${scope}"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end('{}');
      return;
    }
    const known = url.pathname === '/v2/library/node/manifests/24';
    const accepted = request.headers.accept?.includes('image.index.v1+json') === true;
    response.writeHead(known && accepted ? 200 : 404, headers).end(manifest);
  };
}
