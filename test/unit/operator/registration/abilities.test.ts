import assert from 'node:assert/strict';
import { abilitiesOf } from '../../../../operator/registration/abilities.ts';

const both = {
  resources: [
    { name: 'mutatingadmissionpolicies' },
    { name: 'mutatingadmissionpolicybindings' },
    { name: 'mutatingwebhookconfigurations' },
  ],
};
const one = { resources: [{ name: 'mutatingwebhookconfigurations' }] };

describe('abilitiesOf()', () => {
  const cases = [
    ['1', '37', both, { policies: true, nativeSidecars: true }],
    ['1', '35+', one, { policies: false, nativeSidecars: true }],
    ['1', '29', one, { policies: false, nativeSidecars: true }],
    ['1', '28', one, { policies: false, nativeSidecars: false }],
  ] as const;
  for (const [major, minor, served, abilities] of cases)
    it(`knows what Kubernetes ${major}.${minor} can do`, () => {
      assert.deepEqual(abilitiesOf({ major, minor }, served), abilities);
    });

  it('expects nothing of an API server that does not say', () => {
    assert.deepEqual(abilitiesOf({}, {}), { policies: false, nativeSidecars: false });
  });
});
