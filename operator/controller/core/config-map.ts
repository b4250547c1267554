import { createHash } from 'node:crypto';

import {
  apiVersion,
  kind,
  proberAnnotation,
  proberKey,
  sidecarNames,
} from '../../network-prober.ts';
import type { ProberIdentity } from '../../network-prober.ts';
import type { ConfigFile } from './config-files.ts';

/** Who wrote a field, to the API server. */
export const fieldManager = 'kube-latency-operator';

/** On every object that the operator makes. */
export const managedBy = {
  key: 'app.kubernetes.io/managed-by',
  value: 'kube-latency-operator',
} as const;

/** On every object that is there because of a NetworkProber: its uid. */
export const proberUidLabel = 'probes.bigmikes.io/prober-uid';

/** A ConfigMap as it is to be. */
export interface WantedConfigMap extends ConfigFile {
  readonly namespace: string;
  readonly prober: Pick<ProberIdentity, 'namespace' | 'name' | 'uid'>;
  /** Of what it holds. */
  readonly hash: string;
}

/** What matters of a ConfigMap that is there and is the operator's. */
export interface ConfigMapFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly proberUid: string;
  readonly file: string;
  /** Of what it holds; empty: that is not one file. */
  readonly hash: string;
}

interface ConfigMapObject {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly object[] | null;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

/** Of a file's text. */
export function contentHash(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Reads a ConfigMap as the API server gives it; nothing for one that is not the operator's. */
export function configMapFacts(object: unknown): readonly ConfigMapFacts[] {
  const { metadata = {}, data = {}, binaryData = {} } = object as ConfigMapObject;
  const { name = '', namespace = '', uid = '', resourceVersion = '', labels = {} } = metadata;
  const proberUid = labels[proberUidLabel];
  if (labels[managedBy.key] !== managedBy.value || proberUid === undefined) return [];
  const [[file, content] = ['', ''], ...others] = Object.entries(binaryData);
  const alone = file !== '' && others.length === 0 && Object.keys(data).length === 0;
  const hash = alone ? contentHash(Buffer.from(content, 'base64')) : '';
  return [{ namespace, name, uid, resourceVersion, proberUid, file, hash }];
}

/** The object to send. With a uid it is taken for that object alone, and not for another one of its name. */
export function configMapObject(wanted: WantedConfigMap, uid?: string): object {
  const { namespace, name, file, text, prober } = wanted;
  const isOwned = prober.namespace === namespace;
  const owner = {
    apiVersion,
    kind,
    name: prober.name,
    uid: prober.uid,
    controller: true,
    blockOwnerDeletion: false,
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      ...(uid === undefined ? {} : { uid }),
      labels: {
        [managedBy.key]: managedBy.value,
        'app.kubernetes.io/part-of': 'kube-latency',
        [proberUidLabel]: prober.uid,
      },
      annotations: { [proberAnnotation]: proberKey(prober) },
      // An owner lies in the namespace of what it owns.
      ...(isOwned ? { ownerReferences: [owner] } : {}),
    },
    binaryData: { [file]: Buffer.from(text).toString('base64') },
  };
}

/**
 * Whose a ConfigMap is that is in the way: the operator's own; one that holds nothing but a list of peers, as the network prober operator
 * leaves it, and is taken over; or somebody else's, which is not touched.
 */
export function standingOf(object: unknown): 'ours' | 'classic' | 'foreign' {
  const { metadata = {}, data = {}, binaryData = {}, immutable } = object as ConfigMapObject;
  const manager = metadata.labels?.[managedBy.key];
  if (manager === managedBy.value) return 'ours';
  const [content, ...others] = Object.entries(binaryData);
  const isClassic =
    manager === undefined &&
    immutable !== true &&
    (metadata.ownerReferences ?? []).length === 0 &&
    Object.keys(data).length === 0 &&
    others.length === 0 &&
    content?.[0] === sidecarNames.file &&
    isPeerList(content[1]);
  return isClassic ? 'classic' : 'foreign';
}

function isPeerList(base64: string): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
    if (typeof value !== 'object' || value === null) return false;
    return Object.keys(value).toSorted().join() === 'endpointsMap,pollingPeriod';
  } catch {
    // Not JSON, so not a list.
    return false;
  }
}

/** `namespace/name`. */
export function configMapKey({
  namespace,
  name,
}: Pick<ConfigMapFacts, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
