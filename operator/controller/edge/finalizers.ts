import { statusMessage, type KubeClient } from '../../../receivers/shared/kubernetes/client.ts';
import type { Log } from '../../../receivers/shared/log.ts';
import {
  apiVersion,
  finalizer,
  kind,
  objectPath,
  type ProberIdentity,
} from '../../network-prober.ts';
import { fieldManager } from '../core/config-map.ts';

export interface FinalizersOptions {
  readonly client: KubeClient;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The operator's finalizer of NetworkProbers. */
export interface Finalizers {
  /** Sends what is to be changed, once at a time for each; what could not be is asked for again by whoever looks next. */
  readonly set: (prober: ProberIdentity, wanted: boolean) => void;
  readonly settled: () => Promise<void>;
}

const timeoutMs = 10_000;

export function createFinalizers({ client, log, signal }: FinalizersOptions): Finalizers {
  const underWay = new Map<string, Promise<void>>();

  async function send({ namespace, name, uid }: ProberIdentity, wanted: boolean): Promise<void> {
    const metadata = { namespace, name, uid, ...(wanted ? { finalizers: [finalizer] } : {}) };
    const answer = await client.request(
      {
        verb: 'patch',
        path: objectPath({ namespace, name }),
        query: { fieldManager, force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: { apiVersion, kind, metadata },
      },
      { timeoutMs, signal },
    );
    // Gone, or another one of its name.
    const isDone = answer.kind === 'answer' && [200, 404, 409].includes(answer.status);
    if (isDone || signal.aborted) return;
    const problem =
      answer.kind === 'failed' ? answer.message : (statusMessage(answer.body) ?? answer.status);
    log.warn({ prober: `${namespace}/${name}`, problem }, 'finalizer not changed');
  }

  return {
    set: (prober, wanted) => {
      if (prober.finalizers.includes(finalizer) === wanted || underWay.has(prober.uid)) return;
      const done = send(prober, wanted).finally(() => underWay.delete(prober.uid));
      underWay.set(prober.uid, done);
    },
    settled: async () => {
      await Promise.all(underWay.values());
    },
  };
}
