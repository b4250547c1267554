import assert from 'node:assert/strict';
import type { Addition } from '../../../operator/injection/patch.ts';

/** An AdmissionReview as the API server sends one about a pod that is being created. */
export function admissionReview(object: unknown, request: Readonly<Record<string, unknown>> = {}) {
  const pod = { group: '', version: 'v1', kind: 'Pod' };
  const pods = { group: '', version: 'v1', resource: 'pods' };
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: pod,
      resource: pods,
      requestKind: pod,
      requestResource: pods,
      namespace: 'apps',
      operation: 'CREATE',
      userInfo: { username: 'admin', groups: ['system:masters', 'system:authenticated'] },
      object,
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
      ...request,
    },
  };
}

export interface Allowed {
  readonly uid: string;
  /** Undefined: the pod stays as it is. */
  readonly patch: readonly Addition[] | undefined;
}

/** What an answer says; fails where the API server would not take it for a sound one that allows. */
export function readAnswer(text: string): Allowed {
  const { apiVersion, kind, response, ...more } = JSON.parse(text) as Record<string, unknown>;
  assert.deepEqual([apiVersion, kind, more], ['admission.k8s.io/v1', 'AdmissionReview', {}]);
  const { uid, allowed, patchType, patch, ...rest } = response as Record<string, unknown>;
  assert.deepEqual([typeof uid, allowed, rest], ['string', true, {}]);
  if (patch === undefined) {
    assert.equal(patchType, undefined);
    return { uid: uid as string, patch };
  }
  assert.equal(patchType, 'JSONPatch');
  const additions = JSON.parse(Buffer.from(patch as string, 'base64').toString()) as Addition[];
  assert.ok(additions.every(({ op, path, value }) => op === 'add' && path !== '' && value));
  return { uid: uid as string, patch: additions };
}
