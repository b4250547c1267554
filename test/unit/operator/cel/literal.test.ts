import assert from 'node:assert/strict';
import { celObject, celText } from '../../../../operator/cel/literal.ts';
import { celSelects, celSelectsAny } from '../../../../operator/cel/selector.ts';

describe('celText()', () => {
  it('lets nothing of a text out of its quotes', () => {
    assert.equal(celText('a"b\\c\nd'), '"a\\"b\\\\c\\nd"');
  });
});

describe('celObject()', () => {
  it('names the type of each object by the path to it, but not that of maps', () => {
    const container = {
      name: 'a',
      ports: [{ containerPort: 1 }],
      resources: { limits: { cpu: '1' } },
      readOnly: true,
    };

    assert.equal(
      celObject(container, 'Object.spec.containers', ['?image: optional.none()']),
      'Object.spec.containers{name: "a", ports: [Object.spec.containers.ports{containerPort: 1}], resources: Object.spec.containers.resources{limits: {"cpu": "1"}}, readOnly: true, ?image: optional.none()}',
    );
  });
});

describe('celSelects()', () => {
  it('asks for each requirement in turn', () => {
    const requirements = [
      { key: 'a', operator: 'In', values: ['1', '2'] },
      { key: 'b', operator: 'NotIn', values: ['3'] },
      { key: 'c', operator: 'Exists', values: [] },
      { key: 'd', operator: 'DoesNotExist', values: [] },
    ] as const;

    assert.equal(
      celSelects('x', requirements),
      '[x].exists(labels, ("a" in labels && labels["a"] in ["1", "2"]) && !("b" in labels && labels["b"] in ["3"]) && "c" in labels && !("d" in labels))',
    );
  });

  it('is true of no requirements, and false of no selectors', () => {
    assert.equal(celSelects('x', []), 'true');
    assert.equal(celSelectsAny('x', []), 'false');
    assert.equal(celSelectsAny('x', [[]]), '[x].exists(labels, (true))');
  });
});
