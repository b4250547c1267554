import { StartupError } from '../receivers/shared/errors.ts';
import { statusMessage, type KubeClient } from '../receivers/shared/kubernetes/client.ts';
import { listPages } from '../receivers/shared/kubernetes/list-pages.ts';
import type { Log } from '../receivers/shared/log.ts';
import { fieldManager, managedBy } from './controller/core/config-map.ts';
import {
  apiVersion,
  collectionPath,
  finalizer,
  kind,
  objectPath,
  readNetworkProber,
} from './network-prober.ts';
import { leaseName, leasePath } from './leader/lease.ts';
import {
  collections as registered,
  registrationPath,
  type CollectionName,
} from './registration/objects.ts';

export interface RemovalOptions {
  readonly client: KubeClient;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The operator's. */
  readonly namespace: string;
}

const timeoutMs = 10_000;
const ours = { labelSelector: `${managedBy.key}=${managedBy.value}` };

interface KubeObject {
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/**
 * Takes away all that an operator that has stopped made in the cluster, so that nothing of it holds up anything: webhook and policies,
 * the webhook's certificate, the lease, finalizers, lists of peers, pingers and trials. NetworkProbers stay. Rejects with StartupError where it may not.
 */
export async function removeAll(options: RemovalOptions): Promise<void> {
  const { client, log, signal, namespace } = options;
  const own = (api: string, plural: string): string => `${api}/namespaces/${namespace}/${plural}`;
  for (const name of Object.keys(registered) as CollectionName[]) {
    const found = await listed(registrationPath(name), options, ours);
    for (const { metadata } of found as readonly KubeObject[])
      await done({ verb: 'delete', path: registrationPath(name, metadata.name) });
    log.info({ path: registrationPath(name), removed: found.length }, 'removed');
  }
  // Whoever stops them first makes no new ones.
  const collections = [
    own('/apis/apps/v1', 'daemonsets'),
    own('/api/v1', 'pods'),
    own('/api/v1', 'secrets'),
    '/api/v1/configmaps',
  ];
  for (const path of collections) {
    const found = await listed(path, options, ours);
    for (const { metadata } of found as readonly KubeObject[]) {
      const [, plural = ''] = /([^/]+)$/.exec(path) ?? [];
      const api = path.startsWith('/apis/') ? path.split('/namespaces/')[0] : '/api/v1';
      await done({
        verb: 'delete',
        path: `${api}/namespaces/${metadata.namespace}/${plural}/${metadata.name}`,
      });
    }
    log.info({ path, removed: found.length }, 'removed');
  }
  const probers = (await listed(collectionPath, options)).flatMap(
    (object) => readNetworkProber(object) ?? [],
  );
  const held = probers.filter(({ finalizers }) => finalizers.includes(finalizer));
  for (const { namespace: where, name, uid } of held)
    await done({
      verb: 'patch',
      path: objectPath({ namespace: where, name }),
      query: { fieldManager, force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion, kind, metadata: { namespace: where, name, uid } },
    });
  await done({ verb: 'delete', path: leasePath(namespace, leaseName) });
  log.info({ networkProbers: probers.length, freed: held.length }, 'finalizers taken off');

  async function done(request: Parameters<KubeClient['request']>[0]): Promise<void> {
    const answer = await client.request(request, { timeoutMs, signal });
    if (answer.kind === 'answer' && (answer.status < 300 || answer.status === 404)) return;
    const why =
      answer.kind === 'failed'
        ? answer.message
        : (statusMessage(answer.body) ?? `status ${answer.status}`);
    throw new StartupError(`${request.verb} ${request.path}: ${why}`);
  }
}

/** None where the cluster does not know the kind. */
async function listed(
  path: string,
  { client, signal }: RemovalOptions,
  query: Readonly<Record<string, string>> = {},
): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  const result = await listPages({
    path,
    query,
    client,
    signal,
    listing: () => {
      items.length = 0;
      return { page: (page) => void items.push(...page), end: () => {} };
    },
  });
  if (result.kind === 'listed') return items;
  if (result.kind === 'refused' && result.status === 404) return [];
  throw new StartupError(`listing ${path}: ${result.message}`);
}
