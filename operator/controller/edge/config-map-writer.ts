import { backoffMs } from '../../../receivers/shared/backoff.ts';
import {
  statusMessage,
  type KubeAnswer,
  type KubeClient,
} from '../../../receivers/shared/kubernetes/client.ts';
import type { Log } from '../../../receivers/shared/log.ts';
import {
  configMapKey,
  configMapObject,
  fieldManager,
  standingOf,
  type ConfigMapFacts,
  type WantedConfigMap,
} from '../core/config-map.ts';
import type { WriteOutcome } from '../core/outcomes.ts';
import { createWriteQueue, type WriteBounds } from '../core/write-queue.ts';
import { startQueueWorker } from './queue-worker.ts';

export interface ConfigMapWriterOptions {
  readonly client: KubeClient;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly bounds: WriteBounds;
  /** The operator's own, as the watch tells them. */
  readonly observed: () => Iterable<ConfigMapFacts>;
  /** The agents in its namespace have something new to read. */
  readonly onWritten: (wanted: WantedConfigMap) => void;
  /** What was written, or could not be, has changed. */
  readonly onOutcome: () => void;
}

/** Why a ConfigMap is not as it is to be. */
export interface WriteProblem {
  /** foreign: it is somebody else's. */
  readonly kind: 'foreign' | 'failed';
  readonly message: string;
}

export interface ConfigMapWriter {
  /** What there is to be from now on, and what is to go. */
  readonly want: (
    wanted: ReadonlyMap<string, WantedConfigMap>,
    unwanted: readonly ConfigMapFacts[],
  ) => void;
  /** Whether there is one, with whatever in it. */
  readonly isThere: (key: string) => boolean;
  readonly problem: (key: string) => WriteProblem | undefined;
  readonly outcomes: () => ReadonlyMap<WriteOutcome, number>;
  readonly writtenBytes: () => number;
  readonly waiting: () => number;
  readonly oldestMs: () => number;
  readonly ended: Promise<void>;
}

const timeoutMs = 10_000;
const concurrency = 4;
/** What is somebody else's is looked at again after this. */
const foreignMs = 10_000;
const backoff = { baseMs: 1000, capMs: 30_000 };
/** The watch tells what was written by then. */
const lagMs = 30_000;

/** What was written and the watch has not told yet. */
interface Recent {
  /** Undefined: deleted. */
  readonly hash: string | undefined;
  /** Of the object as it was before; undefined: there was none. */
  readonly before: string | undefined;
  readonly untilMs: number;
}

/** Brings ConfigMaps to what they are to be, until the signal ends: each when it has changed, within bounds, and nobody else's. */
export function createConfigMapWriter(options: ConfigMapWriterOptions): ConfigMapWriter {
  const { client, log, signal, bounds, observed, onWritten, onOutcome } = options;
  const queue = createWriteQueue(bounds);
  const recent = new Map<string, Recent>();
  const problems = new Map<string, WriteProblem>();
  const failures = new Map<string, number>();
  const outcomes = new Map<WriteOutcome, number>();
  let wanted: ReadonlyMap<string, WantedConfigMap> = new Map();
  let unwanted: ReadonlyMap<string, ConfigMapFacts> = new Map();
  let there: ReadonlyMap<string, ConfigMapFacts> = new Map();
  let writtenBytes = 0;

  function look(): void {
    there = new Map(Array.from(observed(), (facts) => [configMapKey(facts), facts]));
  }

  /** Of what it holds now; undefined: it is not there. */
  function hashNow(key: string): string | undefined {
    const known = there.get(key);
    const told = recent.get(key);
    if (told === undefined) return known?.hash;
    if (known?.resourceVersion === told.before && performance.now() < told.untilMs)
      return told.hash;
    recent.delete(key);
    return known?.hash;
  }

  function remember(key: string, hash: string | undefined): void {
    const before = there.get(key)?.resourceVersion;
    recent.set(key, { hash, before, untilMs: performance.now() + lagMs });
  }

  function count(outcome: WriteOutcome): void {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  const send = (request: Parameters<KubeClient['request']>[0]): Promise<KubeAnswer> =>
    client.request(request, { timeoutMs, signal });

  async function work(key: string): Promise<void> {
    look();
    const each = wanted.get(key);
    const facts = unwanted.get(key);
    if (each !== undefined) await write(key, each);
    else if (facts !== undefined) await remove(key, facts);
  }

  async function write(key: string, each: WantedConfigMap): Promise<void> {
    const now = hashNow(key);
    if (now === each.hash) return;
    const uid = there.get(key)?.uid;
    const answer =
      now === undefined || uid === undefined ? await create(each) : await apply(each, uid);
    if (answer.kind === 'foreign') return foreign(key, each);
    if (!isDone(answer)) return failed(key, answer);
    count(answer.status === 201 ? 'created' : 'applied');
    writtenBytes += Buffer.byteLength(each.text);
    remember(key, each.hash);
    settled(key);
    onWritten(each);
  }

  /** An object that is there already is taken over only where it is the operator's, or of the form of a list of peers. */
  async function create(each: WantedConfigMap): Promise<KubeAnswer | { readonly kind: 'foreign' }> {
    const path = pathOf(each.namespace);
    const query = { fieldManager };
    const created = await send({ verb: 'create', path, query, body: configMapObject(each) });
    if (created.kind !== 'answer' || created.status !== 409) return created;
    const found = await send({ verb: 'get', path: pathOf(each.namespace, each.name) });
    if (found.kind !== 'answer' || found.status !== 200) return found;
    if (standingOf(found.body) === 'foreign') return { kind: 'foreign' };
    const { metadata } = found.body as { readonly metadata: { readonly uid: string } };
    return apply(each, metadata.uid);
  }

  function apply(each: WantedConfigMap, uid: string): Promise<KubeAnswer> {
    return send({
      verb: 'patch',
      path: pathOf(each.namespace, each.name),
      query: { fieldManager, force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body: configMapObject(each, uid),
    });
  }

  async function remove(key: string, { namespace, name, uid }: ConfigMapFacts): Promise<void> {
    if (hashNow(key) === undefined) return;
    const body = { preconditions: { uid } };
    const answer = await send({ verb: 'delete', path: pathOf(namespace, name), body });
    // Another one of its name is not it.
    const isGone = answer.kind === 'answer' && [404, 409].includes(answer.status);
    if (!isDone(answer) && !isGone) return failed(key, answer);
    count('deleted');
    remember(key, undefined);
    settled(key);
  }

  function settled(key: string): void {
    failures.delete(key);
    problems.delete(key);
    onOutcome();
  }

  function again(key: string, afterMs: number): void {
    const nowMs = performance.now();
    queue.want(key, Buffer.byteLength(wanted.get(key)?.text ?? ''), nowMs);
    queue.postpone(key, nowMs + afterMs);
  }

  function foreign(key: string, { prober }: WantedConfigMap): void {
    count('foreign');
    if (problems.get(key)?.kind !== 'foreign')
      log.warn(
        { configMap: key, prober: `${prober.namespace}/${prober.name}` },
        'the ConfigMap is somebody else’s and is left alone',
      );
    problems.set(key, { kind: 'foreign', message: `ConfigMap ${key} is somebody else's` });
    again(key, foreignMs);
    onOutcome();
  }

  function failed(key: string, answer: KubeAnswer): void {
    if (signal.aborted) return;
    count('failed');
    const message = whyNot(answer);
    if (problems.get(key)?.message !== message)
      log.warn({ configMap: key, problem: message }, 'not written, trying again');
    problems.set(key, { kind: 'failed', message: `ConfigMap ${key}: ${message}` });
    const before = failures.get(key) ?? 0;
    failures.set(key, before + 1);
    const askedMs = answer.kind === 'answer' ? (answer.retryAfterMs ?? 0) : 0;
    again(key, Math.max(askedMs, backoffMs(backoff, before, Math.random)));
    onOutcome();
  }

  const worker = startQueueWorker({ queue, work, concurrency, signal });
  return {
    want: (next, gone) => {
      look();
      for (const key of [...wanted.keys(), ...unwanted.keys()])
        if (!next.has(key)) {
          queue.drop(key);
          problems.delete(key);
        }
      wanted = next;
      unwanted = new Map(gone.map((facts) => [configMapKey(facts), facts]));
      const nowMs = performance.now();
      for (const [key, { hash, text }] of wanted)
        if (hashNow(key) === hash) queue.drop(key);
        else queue.want(key, Buffer.byteLength(text), nowMs);
      for (const key of unwanted.keys()) if (hashNow(key) !== undefined) queue.want(key, 0, nowMs);
      worker.wake();
    },
    isThere: (key) => hashNow(key) !== undefined,
    problem: (key) => problems.get(key),
    outcomes: () => outcomes,
    writtenBytes: () => writtenBytes,
    waiting: queue.waiting,
    oldestMs: () => queue.oldestMs(performance.now()),
    ended: worker.ended,
  };
}

function pathOf(namespace: string, name = ''): string {
  return `/api/v1/namespaces/${namespace}/configmaps${name === '' ? '' : `/${name}`}`;
}

function isDone(answer: KubeAnswer): answer is Extract<KubeAnswer, { kind: 'answer' }> {
  return answer.kind === 'answer' && answer.status >= 200 && answer.status < 300;
}

function whyNot(answer: KubeAnswer): string {
  if (answer.kind === 'failed') return answer.message;
  return statusMessage(answer.body) ?? `status ${answer.status}`;
}
