import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inject } from '../../../../../operator/injection/inject.ts';
import { review, type Injector } from '../../../../../operator/webhook/review.ts';
import { pick, seeded, whole, type Random } from '../../../receivers/correlator/fuzz/random.ts';
import { patched } from '../../../../support/operator/pods.ts';
import { injectingProber, optedIn, surroundings } from '../../../../support/operator/probers.ts';
import { admissionReview, readAnswer } from '../../../../support/operator/reviews.ts';
import { validPods } from '../../../../support/operator/valid-pods.ts';
import { textMutations, valueMutations } from './mutations.ts';

export interface AdmissionFuzzResult {
  readonly requests: number;
  /** Answered with a patch, which applies to the pod that was sent, and leaves nothing to do. */
  readonly injected: number;
  /** Requests that are no AdmissionReview with a pod in it. */
  readonly unreadable: number;
  /** Pods that were let through as they are. */
  readonly left: number;
  /** Answers that do not name the uid that the request had. */
  readonly otherUid: number;
  /** The operator was at fault, though it answered. */
  readonly failed: number;
  readonly longestMs: number;
}

const podsInSeed = 200;
const mostMutations = 3;
/** Share of requests. */
const textMutated = 0.2;
const around = surroundings({
  probers: [
    injectingProber(),
    injectingProber({
      name: 'all',
      createdMs: Date.parse('2026-02-01T00:00:00Z'),
      spec: { podSelector: {}, selectAllPods: true, httpPort: '81', protocols: ['udp'] },
    }),
  ],
});

export const injector: Injector = (object, name) =>
  inject(object, { name, labels: optedIn }, around);

/** Requests of the API server about pods of many shapes, most of them changed a little, as text. */
export function* mutatedReviews(count: number, seed: number): Generator<string> {
  const random = seeded(seed);
  const pods = fc.sample(validPods, { numRuns: podsInSeed, seed });
  const reviews = pods.map((pod) => JSON.stringify(admissionReview(pod)));
  for (let n = 0; n < count; n++) yield mutated(pick(random, reviews), random);
}

function mutated(text: string, random: Random): string {
  const request = JSON.parse(text) as object;
  for (let left = whole(random, mostMutations + 1); left > 0; left--)
    pick(random, valueMutations)(request, random);
  const changed = JSON.stringify(request);
  return random() < textMutated ? pick(random, textMutations)(changed, random) : changed;
}

/** Throws where an answer is none that the API server takes, refuses, or has a patch that does not apply. */
export function fuzz(requests: number, seed: number): AdmissionFuzzResult {
  let [injected, unreadable, left, otherUid, failed, longestMs] = [0, 0, 0, 0, 0, 0];
  for (const body of mutatedReviews(requests, seed)) {
    const startedMs = performance.now();
    const { outcome, answer } = review(body, injector);
    longestMs = Math.max(longestMs, performance.now() - startedMs);
    const { uid, patch } = readAnswer(answer);
    const sentUid = sentUidOf(body);
    if (sentUid !== undefined && uid !== sentUid) otherUid++;
    if (outcome === 'failed') failed++;
    if (outcome === 'unreadable') unreadable++;
    if (patch !== undefined) {
      injected++;
      const { object, namespace } = (JSON.parse(body) as ReturnType<typeof admissionReview>)
        .request;
      const again = injector(patched(object, patch), namespace);
      assert.deepEqual(again, { kind: 'leave', reason: 'already-injected' });
    } else if (outcome !== 'unreadable' && outcome !== 'failed') left++;
  }
  return { requests, injected, unreadable, left, otherUid, failed, longestMs };
}

/** Undefined: it has none that could be answered. */
export function sentUidOf(body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { request } = (value ?? {}) as { readonly request?: { readonly uid?: unknown } | null };
  const uid = request?.uid;
  return typeof uid === 'string' && uid.length <= 256 ? uid : undefined;
}
