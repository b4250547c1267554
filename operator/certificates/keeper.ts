import { backoffMs } from '../../receivers/shared/backoff.ts';
import { sleep } from '../../receivers/shared/deadline.ts';
import type { KubeAnswer, KubeClient } from '../../receivers/shared/kubernetes/client.ts';
import { statusMessage } from '../../receivers/shared/kubernetes/client.ts';
import { followCollection } from '../../receivers/shared/kubernetes/collection.ts';
import type { Log } from '../../receivers/shared/log.ts';
import type { WallClock } from '../../receivers/shared/wall-clock.ts';
import { carryOut, factsOf, type ServerName } from './certificate-set.ts';
import { nextStep } from './plan.ts';
import { readServed, readSet, secretData, type Served } from './secret.ts';

export interface CertificateOptions {
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Where the Secret is. */
  readonly namespace: string;
  readonly secret: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly names: readonly ServerName[];
  /** There is a certificate, or another one. */
  readonly onChange: () => void;
}

/** The webhook's certificate, of which all replicas have the same. */
export interface Certificates {
  /** Undefined: there is none yet. */
  readonly served: () => Served | undefined;
  /** Makes certificates and replaces them in time, until the signal ends. For one replica at a time; two do no harm. */
  readonly keep: (signal: AbortSignal) => Promise<void>;
  /** Resolves when all has ended after the signal. */
  readonly ended: Promise<void>;
}

/** A clock that is set, or a Secret that is deleted, is noticed by then. */
const lookEveryMs = 60_000;
const requestTimeoutMs = 10_000;
const retry = { baseMs: 500, capMs: 30_000 };

/** Follows the Secret until the signal ends. */
export function followCertificates(options: CertificateOptions): Certificates {
  const { client, clock, log, signal, namespace, secret, labels, names, onChange } = options;
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  const collection = followCollection<Served>({
    path,
    query: { fieldSelector: `metadata.name=${secret}` },
    client,
    clock,
    log,
    signal,
    read: (object) => {
      const served = readServed(object);
      return served === undefined ? [] : [served];
    },
    onChange,
  });

  /** Goes one step on, and tells until when there is nothing to do; throws where it could not be done. */
  async function advance(): Promise<number> {
    const nowMs = Number(clock.nowNs() / 1_000_000n);
    const found = await client.request({ verb: 'get', path: `${path}/${secret}` }, limits);
    const present = bodyOf(found, [200, 404]);
    const object = present.status === 404 ? undefined : present.body;
    const set = readSet(object);
    const step = nextStep(set === undefined ? undefined : factsOf(set, names), nowMs);
    if (step.kind === 'keep') return step.untilMs - nowMs;
    const next = await carryOut(step, set, { names, nowMs });
    bodyOf(await write(object, secretData(next)), [200, 201]);
    log.info({ secret, step: step.kind }, 'certificates changed');
    return 0;
  }

  const limits = { timeoutMs: requestTimeoutMs, signal };

  /** Nothing is written over what somebody else wrote in between. */
  function write(object: unknown, data: Record<string, string>): Promise<KubeAnswer> {
    if (object === undefined) {
      const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: secret, labels }, data };
      return client.request({ verb: 'create', path, body }, limits);
    }
    const { metadata } = object as { readonly metadata: { readonly resourceVersion: string } };
    const { resourceVersion } = metadata;
    return client.request(
      {
        verb: 'patch',
        path: `${path}/${secret}`,
        contentType: 'application/merge-patch+json',
        body: { metadata: { resourceVersion }, data },
      },
      limits,
    );
  }

  async function keep(term: AbortSignal): Promise<void> {
    for (let failures = 0; !term.aborted;) {
      try {
        const restMs = await advance();
        failures = 0;
        await sleep(Math.min(restMs, lookEveryMs), term);
      } catch (caught) {
        if (!term.aborted)
          log.warn({ secret, problem: (caught as Error).message }, 'certificates not kept');
        await sleep(backoffMs(retry, failures++, Math.random), term);
      }
    }
  }

  return { served: () => [...collection.places()][0], keep, ended: collection.ended };
}

/** Throws where the answer is another than those that are expected. */
function bodyOf(
  answer: KubeAnswer,
  expected: readonly number[],
): { readonly status: number; readonly body: unknown } {
  if (answer.kind === 'failed') throw new Error(answer.message);
  if (!expected.includes(answer.status))
    throw new Error(statusMessage(answer.body) ?? `status ${answer.status}`);
  return answer;
}
