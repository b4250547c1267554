import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { merge } from '../../../../build/chart/conditional.ts';
import { templateOf, type Settings } from '../../../../build/chart/template.ts';

const plain: Settings = {
  expressionOf: () => undefined,
  linesAfter: () => [],
  text: (_path, value) => value,
};

describe('the template of an object with switches', () => {
  it('is the object where no switch changes it', () => {
    const object = {
      kind: 'Pod',
      spec: { containers: [{ name: 'a', args: ['--x={{y}}', 'no'] }] },
    };

    const text = template(object, {});

    assert.deepEqual(parse(text.replace('{{ "{{" }}', '{{')), object);
  });

  it('adds to maps and lists what a switch adds', () => {
    const text = template(
      { args: ['a'], labels: { one: '1' } },
      { more: { args: ['a', 'b'], labels: { one: '1', two: '2' } } },
    );

    assert.equal(
      text,
      [
        'args:',
        '  - a',
        '  {{- if .Values.more }}',
        '  - b',
        '  {{- end }}',
        'labels:',
        '  one: "1"',
        '  {{- if .Values.more }}',
        '  two: "2"',
        '  {{- end }}',
        '',
      ].join('\n'),
    );
  });

  it('has what two switches add to one list', () => {
    const text = template({ args: ['a'] }, { x: { args: ['a', 'b'] }, y: { args: ['a', 'c'] } });

    assert.match(text, /if \.Values\.x }}\n {2}- b/);
    assert.match(text, /if \.Values\.y }}\n {2}- c/);
  });

  it('takes away what a switch takes away, and puts another in its place', () => {
    const text = template({ gone: 1, old: 'a' }, { x: { old: 'b' } });

    assert.equal(
      text,
      [
        '{{- if not .Values.x }}',
        'gone: 1',
        '{{- end }}',
        '{{- if not .Values.x }}',
        'old: a',
        '{{- end }}',
        '{{- if .Values.x }}',
        'old: b',
        '{{- end }}',
        '',
      ].join('\n'),
    );
  });

  it('keeps text of several lines as it is', () => {
    const object = {
      data: { 'a.yaml': 'x: 1\n\ny:\n  - 2\n', plain: 'one\ntwo', kept: 'one\n\n' },
    };

    assert.deepEqual(parse(template(object, {})), object);
  });

  it('is refused where two switches set one thing to different values', () => {
    assert.throws(
      () => template({ replicas: 1 }, { x: { replicas: 2 }, y: { replicas: 3 } }),
      /Pod\.replicas is set to different values by x and y/,
    );
  });
});

function template(base: unknown, variants: Readonly<Record<string, unknown>>): string {
  return merge(base, new Map(Object.entries(variants)), 'Pod')
    .map((part) => templateOf(part, plain))
    .join('');
}
