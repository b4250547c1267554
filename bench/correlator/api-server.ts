import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority } from '../../local/cluster/certificates.ts';
import type { PodMetadata } from './traffic.ts';

export interface ApiServer {
  readonly kubeconfig: string;
  readonly close: () => void;
}

/** Answers lists of pods with the given ones, and watches with silence. */
export async function startApiServer(pods: readonly PodMetadata[]): Promise<ApiServer> {
  const authority = await createAuthority('bench authority');
  const pair = await authority.issue({
    commonName: 'bench',
    usages: ['server'],
    names: [{ type: 'ip', value: '127.0.0.1' }],
  });
  const server = createServer(pair, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://127.0.0.1');
    response.writeHead(200, { 'content-type': 'application/json' });
    if (url.searchParams.has('watch')) {
      response.flushHeaders();
      return;
    }
    const [, namespace] = /^\/api\/v1\/namespaces\/([^/]+)\/pods$/.exec(url.pathname) ?? [];
    const items = pods
      .filter((pod) => namespace === undefined || pod.namespace === namespace)
      .map((metadata) => ({ metadata }));
    response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, items }));
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
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
