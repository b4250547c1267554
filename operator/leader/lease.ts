import {
  statusMessage,
  type KubeAnswer,
  type KubeClient,
} from '../../receivers/shared/kubernetes/client.ts';
import { microTime } from '../../receivers/shared/kubernetes/event-object.ts';
import type { LeaseRecord } from './election.ts';

export const leaseName = 'kube-latency-operator';

export function leasePath(namespace: string, name?: string): string {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  return name === undefined ? path : `${path}/${name}`;
}

export interface LeaseOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  readonly durationMs: number;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
}

export type ReadLease =
  | { readonly kind: 'read'; readonly record: LeaseRecord | undefined }
  | { readonly kind: 'failed'; readonly message: string };

/** lost: somebody else wrote it in between. */
export type WrittenLease =
  { readonly kind: 'written' | 'lost' } | { readonly kind: 'failed'; readonly message: string };

/** A Lease at the API server. Nothing rejects. */
export interface Lease {
  readonly read: (signal: AbortSignal) => Promise<ReadLease>;
  readonly create: (holder: string, signal: AbortSignal) => Promise<WrittenLease>;
  /** Only where it still is what was read. A holder of `''` gives it away. */
  readonly write: (
    record: LeaseRecord,
    holder: string,
    signal: AbortSignal,
  ) => Promise<WrittenLease>;
}

const timeoutMs = 5000;

interface LeaseObject {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly leaseTransitions?: number;
  };
}

export function createLease(options: LeaseOptions): Lease {
  const { client, namespace, name, durationMs, nowMs } = options;
  const collection = leasePath(namespace);
  const path = leasePath(namespace, name);
  const leaseDurationSeconds = durationMs / 1000;

  return {
    read: async (signal) => {
      const answer = await client.request({ verb: 'get', path }, { timeoutMs, signal });
      if (answer.kind === 'answer' && answer.status === 404)
        return { kind: 'read', record: undefined };
      if (answer.kind !== 'answer' || answer.status !== 200) return failed(answer);
      const { metadata = {}, spec = {} } = answer.body as LeaseObject;
      const record = {
        holder: spec.holderIdentity ?? '',
        durationMs: (spec.leaseDurationSeconds ?? leaseDurationSeconds) * 1000,
        version: metadata.resourceVersion ?? '',
        transitions: spec.leaseTransitions ?? 0,
      };
      return { kind: 'read', record };
    },
    create: async (holder, signal) => {
      const time = microTime(nowMs());
      const body = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { namespace, name },
        spec: {
          holderIdentity: holder,
          leaseDurationSeconds,
          acquireTime: time,
          renewTime: time,
          leaseTransitions: 0,
        },
      };
      const answer = await client.request(
        { verb: 'create', path: collection, body },
        { timeoutMs, signal },
      );
      return written(answer, 201);
    },
    write: async (record, holder, signal) => {
      const time = microTime(nowMs());
      const changes = holder !== record.holder && holder !== '';
      const body = {
        metadata: { resourceVersion: record.version },
        spec: {
          holderIdentity: holder,
          renewTime: time,
          leaseDurationSeconds,
          ...(changes ? { acquireTime: time, leaseTransitions: record.transitions + 1 } : {}),
        },
      };
      const answer = await client.request(
        { verb: 'patch', path, body, contentType: 'application/merge-patch+json' },
        { timeoutMs, signal },
      );
      return written(answer, 200);
    },
  };
}

function written(answer: KubeAnswer, status: number): WrittenLease {
  if (answer.kind === 'answer' && answer.status === status) return { kind: 'written' };
  if (answer.kind === 'answer' && answer.status === 409) return { kind: 'lost' };
  return failed(answer);
}

function failed(answer: KubeAnswer): { readonly kind: 'failed'; readonly message: string } {
  const message =
    answer.kind === 'failed'
      ? answer.message
      : (statusMessage(answer.body) ?? `status ${answer.status}`);
  return { kind: 'failed', message };
}
