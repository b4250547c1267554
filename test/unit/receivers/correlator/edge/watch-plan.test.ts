import assert from 'node:assert/strict';

import type { PodSelector, TargetRules } from '../../../../../receivers/correlator/core/target.ts';
import { collectionOf, planWatches } from '../../../../../receivers/correlator/edge/watch-plan.ts';
import { rules } from '../harness.ts';

const both = { nodeName: 'n1', chosen: true };
const controlPlane = { nodeName: undefined, chosen: true };
const node = { nodeName: 'n1', chosen: false };

const probed: PodSelector = { namespaces: ['kube-latency'], labels: { app: 'probe' } };
const selecting = (changes: Partial<TargetRules>): TargetRules => ({
  annotation: rules.annotation,
  probed: [probed],
  foreign: [],
  observed: [],
  ...changes,
});

/** Each plan in a line: what is asked of it, where, and with which selectors. */
function planned(scope: typeof both | typeof controlPlane, of: TargetRules): string[] {
  return planWatches(scope, of)
    .map((plan) => {
      const { path, query } = collectionOf(plan);
      return [plan.whole ? 'whole' : 'metadata', path, ...Object.values(query)].join(' ');
    })
    .toSorted();
}

const ofNode = '/api/v1/pods spec.nodeName=n1';
const ofProber = '/api/v1/namespaces/kube-latency/pods app=probe';

describe('planWatches()', () => {
  it('takes this node’s pods, or those chosen by label, or both', () => {
    const chosen = ['whole /api/v1/namespaces/ci/pods', 'whole /api/v1/namespaces/shop/pods'];

    assert.deepEqual(planned(node, rules), [`whole ${ofNode}`]);
    assert.deepEqual(planned(controlPlane, rules), [`metadata ${ofProber}`, ...chosen]);
    assert.deepEqual(planned(both, rules), [`metadata ${ofProber}`, ...chosen, `whole ${ofNode}`]);
  });

  it('asks for metadata alone where no pod’s status is of use', () => {
    assert.deepEqual(planned(both, selecting({})), [`metadata ${ofProber}`, `metadata ${ofNode}`]);
    assert.deepEqual(planned(node, selecting({ foreign: [probed] })), [`whole ${ofNode}`]);
  });

  const any = '/api/v1/pods';
  for (const [what, observed, expected] of [
    ['all pods', { namespaces: [], labels: {} }, [`whole ${any}`]],
    [
      'a namespace',
      { namespaces: ['kube-latency'], labels: {} },
      ['whole /api/v1/namespaces/kube-latency/pods', `whole ${ofNode}`],
    ],
    [
      'fewer labels',
      { namespaces: [], labels: { app: 'probe' } },
      [`whole ${any} app=probe`, `whole ${ofNode}`],
    ],
    ['the same', probed, [`whole ${ofProber}`, `whole ${ofNode}`]],
    [
      'another label value, which holds none of them',
      { namespaces: [], labels: { app: 'x' } },
      [`metadata ${ofProber}`, `whole ${any} app=x`, `whole ${ofNode}`],
    ],
    [
      'more labels, which hold but some of them',
      { ...probed, labels: { app: 'probe', a: 'b' } },
      [`whole ${ofProber}`, `whole ${ofNode}`],
    ],
  ] as const)
    it(`drops what a wider collection holds: ${what}`, () =>
      assert.deepEqual(planned(both, selecting({ observed: [observed] })), expected));

  it('asks a wider collection for whole pods where one that it holds needs them, in any order', () => {
    const everywhere = { namespaces: [], labels: {} };
    const shop = { namespaces: ['shop'], labels: {} };

    assert.deepEqual(planned(both, selecting({ probed: [everywhere], observed: [shop] })), [
      'whole /api/v1/pods',
    ]);
    assert.deepEqual(planned(both, selecting({ probed: [shop], observed: [everywhere] })), [
      'whole /api/v1/pods',
    ]);
    assert.deepEqual(planned(both, selecting({ probed: [everywhere] })), ['metadata /api/v1/pods']);
  });

  it('names every label, and a namespace as a part of a path', () => {
    const odd = { namespaces: ['a/b'], labels: { a: 'b', c: 'd' } };

    assert.deepEqual(planned(controlPlane, selecting({ probed: [odd] })), [
      'metadata /api/v1/namespaces/a%2Fb/pods a=b,c=d',
    ]);
  });
});
