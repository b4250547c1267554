import assert from 'node:assert/strict';
import { inject } from '../../../../operator/injection/inject.ts';
import { review, type Injector } from '../../../../operator/webhook/review.ts';
import { patched, pod } from '../../../support/operator/pods.ts';
import { optedIn, surroundings } from '../../../support/operator/probers.ts';
import { admissionReview, readAnswer } from '../../../support/operator/reviews.ts';

const injector: Injector = (object, name) =>
  inject(object, { name, labels: optedIn }, surroundings());

function reviewOf(value: unknown, by: Injector = injector) {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  const { outcome, answer } = review(body, by);
  return { outcome, ...readAnswer(answer) };
}

describe('review()', () => {
  it('answers with the request’s uid and a patch where a pod gets a sidecar', () => {
    const asked = admissionReview(pod());

    const { outcome, uid, patch } = reviewOf(asked);

    assert.deepEqual([outcome, uid], ['injected', asked.request.uid]);
    assert.equal(patched(pod(), patch ?? []).spec.containers.length, 1);
    assert.ok('initContainers' in patched(pod(), patch ?? []).spec);
  });

  it('says why a pod stays as it is', () => {
    const { outcome, patch } = reviewOf(admissionReview(pod({ spec: { hostNetwork: true } })));

    assert.deepEqual([outcome, patch], ['host-network', undefined]);
  });

  const others: readonly (readonly [string, object])[] = [
    ['an update', { operation: 'UPDATE' }],
    ['a deletion', { operation: 'DELETE', object: null }],
    ['a connection to a pod', { operation: 'CONNECT', subResource: 'exec' }],
    ['a binding', { subResource: 'binding' }],
    ['another kind', { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } }],
    ['something without a namespace', { namespace: '' }],
  ];
  for (const [title, request] of others)
    it(`lets ${title} through as not a pod`, () => {
      const asked = admissionReview(pod(), request as Record<string, unknown>);

      const { outcome, uid, patch } = reviewOf(asked);

      assert.deepEqual([outcome, uid, patch], ['not-a-pod', asked.request.uid, undefined]);
    });

  const unreadable: readonly (readonly [string, unknown])[] = [
    ['nothing', ''],
    ['null', 'null'],
    ['no review', {}],
    ['a review without a request', { request: null }],
    ['a uid that is no text', admissionReview(pod(), { uid: 7 })],
    ['a uid of a megabyte', admissionReview(pod(), { uid: 'x'.repeat(2 ** 20) })],
    ['100,000 levels', '['.repeat(100_000)],
  ];
  for (const [title, body] of unreadable)
    it(`lets through, with an empty uid, ${title}`, () => {
      const { uid, patch } = reviewOf(body);

      assert.deepEqual([uid, patch], ['', undefined]);
    });

  it('finds the uid of a request that is cut off', () => {
    const asked = admissionReview(pod());

    const { outcome, uid } = reviewOf(JSON.stringify(asked).slice(0, -40));

    assert.deepEqual([outcome, uid], ['unreadable', asked.request.uid]);
  });

  it('lets the pod through where the operator is at fault', () => {
    const asked = admissionReview(pod());

    const { outcome, uid, patch } = reviewOf(asked, () => {
      throw new TypeError('x is undefined');
    });

    assert.deepEqual([outcome, uid, patch], ['failed', asked.request.uid, undefined]);
  });
});
