import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { repository } from '../repository.ts';
import { expectOk, type AskApi } from './api-client.ts';

const manifestsDir = join(repository, 'local/manifests');

export const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

export type Manifest = z.infer<typeof objectSchema>;

/** Kinds that the manifests may hold, in the order in which they have to be applied. */
const plurals = new Map([
  ['Namespace', 'namespaces'],
  ['PriorityClass', 'priorityclasses'],
  ['ServiceAccount', 'serviceaccounts'],
  ['ConfigMap', 'configmaps'],
  ['Secret', 'secrets'],
  ['ClusterRole', 'clusterroles'],
  ['ClusterRoleBinding', 'clusterrolebindings'],
  ['Role', 'roles'],
  ['RoleBinding', 'rolebindings'],
  ['PersistentVolume', 'persistentvolumes'],
  ['PersistentVolumeClaim', 'persistentvolumeclaims'],
  ['Service', 'services'],
  ['Deployment', 'deployments'],
  ['DaemonSet', 'daemonsets'],
  ['CronJob', 'cronjobs'],
]);

/** The cluster's own manifests: those of the folder. */
export async function readManifests(): Promise<Manifest[]> {
  const names = (await readdir(manifestsDir)).filter((name) => name.endsWith('.yaml'));
  const texts = await Promise.all(names.map((name) => readFile(join(manifestsDir, name), 'utf8')));
  return texts.map((text) => objectSchema.parse(parse(text)));
}

/** Applies objects in the order in which they need each other, server-side. */
export async function applyManifests(ask: AskApi, objects: readonly Manifest[]): Promise<void> {
  const order = [...plurals.keys()];
  for (const object of objects.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)))
    await expectOk(ask, {
      method: 'PATCH',
      path: `${objectPath(object)}?fieldManager=kube-latency&force=true`,
      body: object,
      contentType: 'application/apply-patch+yaml',
    });
}

/** Path of an object in the API. Throws for a kind that is not in the table. */
export function objectPath({ apiVersion, kind, metadata }: Manifest): string {
  const plural = plurals.get(kind);
  if (plural === undefined)
    throw new Error(
      `manifest ${metadata.name}: kind ${kind} is none of ${[...plurals.keys()].join(', ')}`,
    );
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${root}${scope}/${plural}/${metadata.name}`;
}
