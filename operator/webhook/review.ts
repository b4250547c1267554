import * as z from 'zod';

import type { Injection } from '../injection/inject.ts';
import type { Addition } from '../injection/patch.ts';
import type { ReviewOutcome } from './outcomes.ts';

/** What decides about a pod that is being created in a namespace. */
export type Injector = (pod: unknown, namespace: string) => Injection;

export interface Reviewed {
  readonly outcome: ReviewOutcome;
  /** An AdmissionReview in JSON that allows. */
  readonly answer: string;
}

const reviewSchema = z.object({
  request: z.object({
    kind: z.object({ group: z.literal(''), version: z.literal('v1'), kind: z.literal('Pod') }),
    subResource: z.literal('').nullish(),
    operation: z.literal('CREATE'),
    namespace: z.string().min(1),
    object: z.unknown(),
  }),
});

/** Answers a request of the API server. Never throws, never refuses a pod. */
export function review(body: string, injector: Injector): Reviewed {
  try {
    return reviewOf(JSON.parse(body) as unknown, injector);
  } catch (caught) {
    return allow(caught instanceof SyntaxError ? 'unreadable' : 'failed', uidIn(body));
  }
}

function reviewOf(value: unknown, injector: Injector): Reviewed {
  const uid = uidOf(value);
  if (uid === '') return allow('unreadable', uid);
  const { success, data } = reviewSchema.safeParse(value);
  if (!success) return allow('not-a-pod', uid);
  const { object, namespace } = data.request;
  const injection = injector(object, namespace);
  if (injection.kind === 'leave') return allow(injection.reason, uid);
  return allow('injected', uid, injection.patch);
}

/** The one place where an answer is made: whatever went before, the pod is let through. */
export function allow(outcome: ReviewOutcome, uid: string, patch?: readonly Addition[]): Reviewed {
  const change =
    patch === undefined
      ? {}
      : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') };
  const answer = JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid, allowed: true, ...change },
  });
  return { outcome, answer };
}

const longestUid = 256;
const uidSchema = z.object({ request: z.object({ uid: z.string().max(longestUid) }) });

/** Empty: there is none. */
function uidOf(value: unknown): string {
  const { success, data } = uidSchema.safeParse(value);
  return success ? data.request.uid : '';
}

/** The API server writes the uid first; so it can be told of a request that was cut off. Empty: not found. */
export function uidIn(body: string): string {
  const head = body.slice(0, 1024);
  return /"request"\s*:\s*\{\s*"uid"\s*:\s*"([^"\\]{0,256})"/.exec(head)?.[1] ?? '';
}
