import assert from 'node:assert/strict';
import { describeReference, parseReference } from '../../../../cli/trace/reference.ts';

describe('parseReference', () => {
  const good = [
    { text: 'last', reference: { kind: 'last' } },
    {
      text: '4BF92F3577B34DA6A3CE929D0E0E4736',
      reference: { kind: 'id', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
    },
    {
      text: 'kube-latency/probe-0123456789abcdef',
      reference: { kind: 'pod', namespace: 'kube-latency', pod: 'probe-0123456789abcdef' },
    },
    { text: 'a/b.c-d', reference: { kind: 'pod', namespace: 'a', pod: 'b.c-d' } },
  ];
  for (const { text, reference } of good) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseReference(text), { kind: 'ok', reference });
    });
  }

  const bad = [
    '',
    'Last',
    '4bf92f3577b34da6a3ce929d0e0e473',
    '4bf92f3577b34da6a3ce929d0e0e47366',
    '4bf92f3577b34da6a3ce929d0e0e473g',
    '00000000000000000000000000000000',
    'pod',
    '/pod',
    'namespace/',
    'namespace/Pod',
    'a/b/c',
    'a.b/c',
  ];
  for (const text of bad) {
    it(`refuses '${text}'`, () => {
      assert.equal(parseReference(text).kind, 'invalid');
    });
  }

  it('says what it expected and what it got', () => {
    const parsed = parseReference('xyz');

    assert.deepEqual(parsed, {
      kind: 'invalid',
      problem: "expected a trace id of 32 hexadecimal digits, NAMESPACE/POD or last, got 'xyz'",
    });
  });
});

describe('describeReference', () => {
  it('names each kind', () => {
    const references = ['last', '4bf92f3577b34da6a3ce929d0e0e4736', 'a/b'].map((text) => {
      const parsed = parseReference(text);
      assert.ok(parsed.kind === 'ok');
      return describeReference(parsed.reference);
    });

    assert.deepEqual(references, [
      'a trace of a probe',
      'trace 4bf92f3577b34da6a3ce929d0e0e4736',
      'a trace of pod a/b',
    ]);
  });
});
