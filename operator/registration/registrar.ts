import { backoffMs } from '../../receivers/shared/backoff.ts';
import { sleep, startDeadline } from '../../receivers/shared/deadline.ts';
import { messageOf } from '../../receivers/shared/errors.ts';
import {
  statusMessage,
  type KubeClient,
  type KubeRequest,
} from '../../receivers/shared/kubernetes/client.ts';
import type { Log } from '../../receivers/shared/log.ts';
import { fieldManager, managedBy } from '../controller/core/config-map.ts';
import type { Bell } from './bell.ts';
import { effectMs } from './effect.ts';
import {
  collections,
  registrationApi,
  registrationPath,
  type CollectionName,
  type Registration,
} from './objects.ts';

export interface RegistrarOptions {
  readonly client: KubeClient;
  readonly log: Log;
  /** What is to be there; asked for again whenever the bell rings. */
  readonly wanted: () => readonly Registration[];
  readonly bell: Bell;
  /** A ClusterRole: what is registered goes when it does. */
  readonly ownerRole: string;
  /** Something was registered, took effect, or could not be registered. */
  readonly onChange: () => void;
}

/** What came of a try, for metrics. */
export interface RegistrarState {
  readonly registered: number;
  readonly failures: number;
  /** Since when the sidecars of NetworkProbers are registered, by uid; of the monotonic clock, in milliseconds. */
  readonly sinceMs: ReadonlyMap<string, number>;
  /** Why the last try failed; undefined: it did not. */
  readonly problem: string | undefined;
}

/** Changes that come together are one. */
const gatherMs = 200;
/** What others changed is put right by then. */
const repeatMs = 5 * 60_000;
const retry = { baseMs: 500, capMs: 30_000 };
const requestTimeoutMs = 10_000;

interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface Registrar {
  readonly state: () => RegistrarState;
  /** Keeps registered what is wanted, and takes away what is left over, until the signal ends. For the replica that leads. */
  readonly keep: (signal: AbortSignal) => Promise<void>;
}

export function createRegistrar(options: RegistrarOptions): Registrar {
  const { client, log, wanted, bell, ownerRole, onChange } = options;
  let [registered, failures] = [0, 0];
  let sinceMs: ReadonlyMap<string, number> = new Map();
  let problem: string | undefined;

  async function ask(
    request: KubeRequest,
    signal: AbortSignal,
    alsoGood: readonly number[] = [],
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await client.request(request, { timeoutMs: requestTimeoutMs, signal });
    if (answer.kind === 'failed') throw new Error(`${request.path}: ${answer.message}`);
    if (answer.status < 300 || alsoGood.includes(answer.status)) return answer;
    throw new Error(statusMessage(answer.body) ?? `${request.path}: status ${answer.status}`);
  }

  async function ownerOf(signal: AbortSignal): Promise<Owner | undefined> {
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    const path = `/apis/${apiVersion}/clusterroles/${ownerRole}`;
    const { status, body } = await ask({ verb: 'get', path }, signal, [403, 404]);
    if (status !== 200) {
      log.warn({ clusterRole: ownerRole, status }, 'what is registered outlives the operator');
      return undefined;
    }
    const { uid } = (body as { readonly metadata: { readonly uid: string } }).metadata;
    return { apiVersion, kind: 'ClusterRole', name: ownerRole, uid };
  }

  /** Names of what is there by us. A kind that the cluster does not know has none. */
  async function present(collection: CollectionName, signal: AbortSignal): Promise<string[]> {
    const query = { labelSelector: `${managedBy.key}=${managedBy.value}` };
    const listed = await ask(
      { verb: 'list', path: registrationPath(collection), query },
      signal,
      [404],
    );
    if (listed.status === 404) return [];
    const { items } = listed.body as { items: readonly { metadata: { name: string } }[] };
    return items.map(({ metadata }) => metadata.name);
  }

  async function reconcile(
    desired: readonly Registration[],
    applied: Map<string, string>,
    signal: AbortSignal,
  ): Promise<void> {
    const owner = await ownerOf(signal);
    for (const collection of Object.keys(collections) as CollectionName[]) {
      const here = desired.filter((each) => each.collection === collection);
      const names = new Set(here.map(({ name }) => name));
      const found = await present(collection, signal);
      for (const name of found.filter((each) => !names.has(each))) {
        const path = registrationPath(collection, name);
        await ask({ verb: 'delete', path }, signal, [404]);
        applied.delete(path);
        log.info({ collection, name }, 'unregistered');
      }
      for (const each of here) {
        const path = registrationPath(collection, each.name);
        const body = objectOf(each, owner);
        const text = JSON.stringify(body);
        if (found.includes(each.name) && applied.get(path) === text) continue;
        await ask(applying(path, body), signal);
        applied.set(path, text);
        log.info({ collection, name: each.name }, 'registered');
      }
    }
    registered = desired.length;
    const nowMs = performance.now();
    const uids = desired.flatMap(({ probers }) => probers);
    sinceMs = new Map(uids.map((uid) => [uid, sinceMs.get(uid) ?? nowMs]));
    onChange();
    void sleep(effectMs + gatherMs, signal).then(onChange);
  }

  async function keep(signal: AbortSignal): Promise<void> {
    let done = '';
    let applied = new Map<string, string>();
    for (let failed = 0; !signal.aborted;) {
      try {
        const desired = wanted();
        const text = JSON.stringify(desired);
        if (text !== done) await reconcile(desired, applied, signal);
        done = text;
        failed = 0;
        problem = undefined;
        if (await isTimeToRepeat(signal)) [done, applied] = ['', new Map()];
        await sleep(gatherMs, signal);
      } catch (caught) {
        if (signal.aborted) return;
        failures++;
        problem = messageOf(caught);
        onChange();
        log.error({ problem }, 'not registered, trying again');
        await sleep(backoffMs(retry, failed++, Math.random), signal);
      }
    }
  }

  /** Resolves when the bell rings, or when all is to be written once more. */
  async function isTimeToRepeat(signal: AbortSignal): Promise<boolean> {
    const repeat = startDeadline(repeatMs, signal);
    await bell.heard(repeat.signal);
    repeat.clear();
    return repeat.expired();
  }

  return { state: () => ({ registered, failures, sinceMs, problem }), keep };
}

function objectOf({ collection, name, fields }: Registration, owner: Owner | undefined): object {
  return {
    apiVersion: registrationApi,
    kind: collections[collection],
    metadata: {
      name,
      labels: { 'app.kubernetes.io/part-of': 'kube-latency', [managedBy.key]: managedBy.value },
      ...(owner === undefined ? {} : { ownerReferences: [owner] }),
    },
    ...fields,
  };
}

function applying(path: string, body: object): KubeRequest {
  return {
    verb: 'patch',
    path,
    query: { fieldManager, force: 'true' },
    contentType: 'application/apply-patch+yaml',
    body,
  };
}
