import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ViewerCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A viewer that answers what a test wants it to. */
export interface FakeViewer {
  /** Address of its pages. */
  readonly url: URL;
  /** What it was asked, in order. */
  readonly asked: readonly ViewerCall[];
  /** By method: the result or the error of JSON-RPC, the text of the whole response, or a status without one. */
  answers: Readonly<Record<string, object | string | number>>;
  /** Resolves when nobody listens any more. Safe twice. */
  close(): Promise<void>;
}

export async function startFakeViewer(answers: FakeViewer['answers'] = {}): Promise<FakeViewer> {
  const asked: ViewerCall[] = [];
  const server = createServer((request, response) => {
    // It has pages, and no API of Jaeger's.
    if (request.method === 'GET') {
      response.end('<!doctype html>');
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { id, method, params } = JSON.parse(body) as ViewerCall & { id: number };
      asked.push({ method, params });
      const answer = viewer.answers[method];
      if (typeof answer === 'number') response.writeHead(answer).end();
      else if (typeof answer === 'string') response.end(answer);
      else response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const closed = once(server, 'close');
  const { port } = server.address() as AddressInfo;
  const viewer: FakeViewer = {
    url: new URL(`http://127.0.0.1:${port}`),
    asked,
    answers,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return viewer;
}
