import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shortNames } from '../../../../cli/rtt/short-names.ts';
import { columns } from '../../../../cli/terminal/text.ts';

describe('shortNames()', () => {
  const cases: { names: string[]; width: number; short: string[] }[] = [
    { names: ['a', 'b'], width: 12, short: ['a', 'b'] },
    {
      names: ['kube-latency-worker', 'kube-latency-worker2', 'kube-latency-control-plane'],
      width: 14,
      short: ['…worker', '…worker2', '…control-plane'],
    },
    {
      names: ['ip-10-0-0-1.eu.internal', 'ip-10-0-0-23.eu.internal'],
      width: 12,
      short: ['…1', '…23'],
    },
    { names: ['abcdefghij-x-klm', 'abcdefghij-y-klm'], width: 6, short: ['…x-klm', '…y-klm'] },
    { names: ['aaaaaaaaaa1aaaa', 'aaaaaaaaaa2aaaa'], width: 8, short: ['aaaaaa~1', 'aaaaaa~2'] },
    { names: ['a\u0007', 'a\u0008'], width: 8, short: ['a?~1', 'a?~2'] },
    { names: ['only-one-and-long'], width: 8, short: ['only…ong'] },
    { names: [], width: 8, short: [] },
  ];
  for (const { names, width, short } of cases) {
    it(`shows ${JSON.stringify(names)} in ${width} columns`, () => {
      assert.deepEqual(shortNames(names, width, '…'), short);
    });
  }

  it('has no two alike, none too wide, and nothing that moves a cursor', () => {
    const any = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('node-1', 'node~2', 'a'));
    fc.assert(
      fc.property(
        fc.uniqueArray(any, { maxLength: 90 }),
        fc.integer({ min: 8, max: 40 }),
        (names, width) => {
          const short = shortNames(names, width, '…');

          assert.equal(new Set(short).size, names.length);
          assert.deepEqual(
            short.filter((name) => columns(name) > width || /\p{Cc}/u.test(name)),
            [],
          );
        },
      ),
    );
  });
});
