import assert from 'node:assert/strict';
import { everywhere, seenByStatus } from '../../../../operator/injection/seen-images.ts';
import { image, injectingProber } from '../../../support/operator/probers.ts';

const condition = {
  type: 'ImagePulled',
  status: 'True',
  reason: 'Run',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
} as const;

describe('seenByStatus()', () => {
  const seen = (changes: object) => [
    ...seenByStatus([{ ...injectingProber(), generation: 3, ...changes }]).keys(),
  ];

  it('knows the image of a NetworkProber whose status says that it was tried everywhere', () => {
    assert.deepEqual(seen({ conditions: [{ ...condition, observedGeneration: 3 }] }), [image]);
  });

  for (const [title, conditions] of [
    ['says nothing', []],
    ['says that it is being tried', [{ ...condition, status: 'Unknown' }]],
    ['is about what the object said before', [{ ...condition, observedGeneration: 2 }]],
  ] as const)
    it(`knows none of one whose status ${title}`, () => {
      assert.deepEqual(seen({ conditions }), []);
    });
});

describe('everywhere()', () => {
  it('takes every image for seen', () => {
    assert.equal(everywhere([injectingProber()]).get(image)?.everywhere, true);
  });
});
