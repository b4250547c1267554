import { once } from 'node:events';
import { createServer } from 'node:https';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthority } from '../../receivers/shared/certificates.ts';

/** As much of a pod as selectors and paths ask for. */
export interface ServedPod {
  readonly metadata: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly nodeName: string };
}

export interface ApiServer {
  readonly kubeconfig: string;
  /** Watches opened so far. */
  readonly watched: () => number;
  /** Ends the watches that are open in a way that makes their client list again. */
  readonly forget: () => void;
  readonly close: () => void;
}

/** Answers lists of pods with the given ones, page by page, and watches with silence. */
export async function startApiServer(pods: readonly ServedPod[]): Promise<ApiServer> {
  const authority = await createAuthority('bench authority');
  const pair = await authority.issue({
    commonName: 'bench',
    usages: ['server'],
    names: [{ type: 'ip', value: '127.0.0.1' }],
  });
  const streams = new Set<ServerResponse>();
  let watched = 0;
  const server = createServer(pair, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://127.0.0.1');
    response.writeHead(200, { 'content-type': 'application/json' });
    if (!url.searchParams.has('watch')) return void response.end(page(pods, url));
    response.flushHeaders();
    watched++;
    streams.add(response);
    response.on('close', () => streams.delete(response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    'certificate-authority-data': Buffer.from(authority.pair.cert).toString('base64'),
  };
  return {
    kubeconfig: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'bench', cluster }],
      users: [{ name: 'bench', user: { token: 'bench' } }],
      contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
      'current-context': 'bench',
    }),
    watched: () => watched,
    forget: () => {
      const gone = { type: 'ERROR', object: { code: 410, message: 'too old resource version' } };
      for (const stream of streams) stream.end(`${JSON.stringify(gone)}\n`);
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function page(pods: readonly ServedPod[], { pathname, searchParams }: URL): string {
  const [, namespace] = /^\/api\/v1\/namespaces\/([^/]+)\/pods$/.exec(pathname) ?? [];
  const nodeName = searchParams.get('fieldSelector')?.split('=')[1];
  const labels = (searchParams.get('labelSelector') ?? '').split(',').filter((term) => term !== '');
  const asked = pods.filter(
    ({ metadata, spec }) =>
      (namespace === undefined || metadata.namespace === namespace) &&
      // The recorded pods are without a specification: they are all of the node that asks.
      (nodeName === undefined || spec === undefined || spec.nodeName === nodeName) &&
      labels.every((term) => {
        const [key = '', value] = term.split('=');
        return metadata.labels[key] === value;
      }),
  );
  const from = Number(searchParams.get('continue') ?? 0);
  const to = from + Number(searchParams.get('limit') ?? asked.length);
  const more = to < asked.length ? { continue: String(to) } : {};
  return JSON.stringify({
    metadata: { resourceVersion: '1', ...more },
    items: asked.slice(from, to),
  });
}
