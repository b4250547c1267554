import { randomUUID } from 'node:crypto';

import { backoffMs, type Backoff } from '../shared/backoff.ts';
import { sleep, startDeadline } from '../shared/deadline.ts';
import {
  statusMessage,
  type KubeAnswer,
  type KubeClient,
  type KubeRequest,
} from '../shared/kubernetes/client.ts';
import { formatTraceparent, type SpanAddress } from '../shared/traceparent.ts';
import { refusalOf, type Failure } from './failure.ts';
import type { WriteRecord } from './probe-record.ts';

/** What came of a write: the record for the trace, and the answer of the last attempt. */
export interface Written {
  readonly record: WriteRecord;
  readonly answer: KubeAnswer;
}

interface WriteLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const retryBackoff: Backoff = { baseMs: 200, capMs: 3000 };
const attemptTimeoutMs = 30_000;

/**
 * What may be sent again. Too many requests (429) was not acted on by definition. Other failures may
 * have been acted on: sending a patch or a deletion twice does no harm, a creation would.
 */
function mayResend(request: KubeRequest, answer: KubeAnswer): boolean {
  if (answer.kind === 'answer' && answer.status === 429) return true;
  if (request.verb === 'create') return false;
  return answer.kind === 'failed' ? answer.reason === 'network' : answer.status >= 500;
}

function failureOf(
  answer: KubeAnswer,
  accepted: ReadonlySet<number>,
  what: string,
): Failure | null {
  if (answer.kind === 'failed') {
    const reason = answer.reason === 'cancelled' ? 'cancelled' : 'api_error';
    return { reason, message: `${what}: ${answer.reason}: ${answer.message}` };
  }
  if (accepted.has(answer.status)) return null;
  const words = statusMessage(answer.body) ?? 'no message';
  return { reason: 'api_error', message: `${what}: status ${answer.status}: ${words}` };
}

/** The pod writes of a probe, each with its own trace context and audit id, sent again where that is safe. */
export interface PodApi {
  readonly create: (pod: object, span: SpanAddress, limits: WriteLimits) => Promise<Written>;
  readonly patch: (
    name: string,
    patch: object,
    span: SpanAddress,
    limits: WriteLimits,
  ) => Promise<Written>;
  /** Deletes the pod of that name, only if it has that uid; a pod that is gone counts as deleted. */
  readonly remove: (
    pod: { readonly name: string; readonly uid: string | undefined },
    span: SpanAddress | null,
    limits: WriteLimits,
  ) => Promise<Written>;
}

const created: ReadonlySet<number> = new Set([200, 201, 202]);
const patched: ReadonlySet<number> = new Set([200]);
/** 409: the name now belongs to a pod with another uid, so ours is gone. */
const removed: ReadonlySet<number> = new Set([200, 202, 404, 409]);

/** Every span below a request of ours inherits this member: it tells them from what has to be joined. */
const probeState = 'kube-latency=probe';

export function createPodApi(client: KubeClient, namespace: string): PodApi {
  const collection = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;

  async function write(
    request: KubeRequest,
    span: SpanAddress | null,
    limits: WriteLimits,
  ): Promise<{ answer: KubeAnswer; auditId: string; resends: number }> {
    const deadline = startDeadline(limits.timeoutMs, limits.signal);
    try {
      for (let resends = 0; ; resends++) {
        const auditId = randomUUID();
        const traced =
          span === null ? {} : { traceparent: formatTraceparent(span), tracestate: probeState };
        const headers = { ...request.headers, ...traced, 'Audit-ID': auditId };
        const answer = await client.request(
          { ...request, headers },
          { timeoutMs: Math.min(limits.timeoutMs, attemptTimeoutMs), signal: deadline.signal },
        );
        if (!mayResend(request, answer) || deadline.signal.aborted) {
          return { answer, auditId, resends };
        }
        const toldMs = answer.kind === 'answer' ? (answer.retryAfterMs ?? 0) : 0;
        await sleep(toldMs + backoffMs(retryBackoff, resends, Math.random), deadline.signal);
        if (deadline.signal.aborted) return { answer, auditId, resends };
      }
    } finally {
      deadline.clear();
    }
  }

  async function recorded(
    request: KubeRequest,
    span: SpanAddress | null,
    how: {
      readonly limits: WriteLimits;
      readonly accepted: ReadonlySet<number>;
      readonly what: string;
    },
  ): Promise<Written> {
    const { answer, auditId, resends } = await write(request, span, how.limits);
    const answered = answer.kind === 'answer';
    const failure = failureOf(answer, how.accepted, how.what);
    const endedNs = answered ? answer.answeredNs : answer.endedNs;
    const record: WriteRecord = {
      auditId,
      sentNs: answer.sentNs ?? endedNs,
      answeredNs: endedNs,
      status: answered ? answer.status : null,
      resends,
      failure,
    };
    return { record, answer };
  }

  return {
    create: async (pod, span, limits) => {
      const request: KubeRequest = { verb: 'create', path: collection, body: pod };
      const what = `creating a pod in namespace ${namespace}`;
      const written = await recorded(request, span, { limits, accepted: created, what });
      const { answer, record } = written;
      if (answer.kind !== 'answer' || record.failure === null) return written;
      const failure = refusalOf(answer.status, statusMessage(answer.body) ?? 'no message');
      return { answer, record: { ...record, failure } };
    },
    patch: (name, patch, span, limits) =>
      recorded(
        {
          verb: 'patch',
          path: `${collection}/${name}`,
          body: patch,
          contentType: 'application/merge-patch+json',
        },
        span,
        { limits, accepted: patched, what: `patching pod ${name}` },
      ),
    remove: ({ name, uid }, span, limits) => {
      const preconditions = uid === undefined ? {} : { preconditions: { uid } };
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...preconditions };
      const request: KubeRequest = { verb: 'delete', path: `${collection}/${name}`, body };
      return recorded(request, span, { limits, accepted: removed, what: `deleting pod ${name}` });
    },
  };
}
