import assert from 'node:assert/strict';
import fc from 'fast-check';

import {
  labelSelector,
  selectorText,
  selects,
  type Requirement,
} from '../../../operator/label-selector.ts';

const cases: readonly {
  readonly selector: object;
  readonly text: string;
  readonly yes: readonly Record<string, string>[];
  readonly no: readonly Record<string, string>[];
}[] = [
  { selector: {}, text: '', yes: [{}, { a: 'b' }], no: [] },
  {
    selector: { matchLabels: { app: 'web', tier: '' } },
    text: 'app in (web),tier in ()',
    yes: [{ app: 'web', tier: '' }],
    no: [{ app: 'web' }, { app: 'db', tier: '' }],
  },
  {
    selector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['b', 'a'] }] },
    text: 'app notin (a,b)',
    yes: [{}, { app: 'c' }],
    no: [{ app: 'a' }, { app: 'b' }],
  },
  {
    selector: {
      matchExpressions: [
        { key: 'app', operator: 'Exists' },
        { key: 'old', operator: 'DoesNotExist' },
      ],
    },
    text: '!old,app',
    yes: [{ app: '' }],
    no: [{ app: 'a', old: 'yes' }, {}],
  },
  // Not a label, but a property of every object.
  {
    selector: { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] },
    text: 'constructor',
    yes: [{ constructor: 'x' }],
    no: [{}],
  },
];

describe('a label selector', () => {
  for (const { selector, text, yes, no } of cases)
    it(`selects by '${text}'`, () => {
      const requirements = labelSelector.parse(selector);

      assert.equal(selectorText(requirements), text);
      assert.deepEqual(
        yes.map((labels) => selects(requirements, labels)),
        yes.map(() => true),
      );
      assert.deepEqual(
        no.map((labels) => selects(requirements, labels)),
        no.map(() => false),
      );
    });

  it('has the same text in whatever order it is written', () => {
    const requirement = fc.record({
      key: fc.constantFrom('app', 'tier', 'example.com/zone'),
      operator: fc.constantFrom('In', 'NotIn'),
      values: fc.uniqueArray(fc.constantFrom('a', 'b', ''), { minLength: 1 }),
    }) as fc.Arbitrary<Requirement>;
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 4 }), (list) => {
        const other = list
          .toReversed()
          .map((each) => ({ ...each, values: each.values.toReversed() }));

        assert.equal(selectorText(other), selectorText(list));
      }),
    );
  });

  it('is refused where an operator and its values do not fit', () => {
    for (const wrong of [
      { key: 'app', operator: 'In' },
      { key: 'app', operator: 'Exists', values: ['a'] },
    ])
      assert.equal(labelSelector.safeParse({ matchExpressions: [wrong] }).success, false);
  });
});
