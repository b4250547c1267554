import assert from 'node:assert/strict';
import fc from 'fast-check';
import { looksOf } from '../../../../../../cli/trace/html/page/services.ts';
import { span } from '../../spans.ts';

const of = (names: readonly string[]) =>
  looksOf(names.map((service, index) => span(index, null, [0, 1], { service })));

describe('looksOf', () => {
  it('counts the spans of each service in the order of their first', () => {
    const looks = [...of(['etcd', 'kubelet', 'etcd']).values()];

    assert.deepEqual(
      looks.map(({ name, spans }) => [name, spans]),
      [
        ['etcd', 2],
        ['kubelet', 1],
      ],
    );
  });

  it('gives well-known services the same look whatever else is there', () => {
    const alone = of(['etcd']).get('etcd');
    const among = of(['shop', 'cart', 'etcd', 'apiserver']).get('etcd');

    assert.deepEqual(among, alone);
  });

  it('gives no two of up to a hundred services the same look', () => {
    const names = fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom('etcd', 'apiserver')), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(names, (given) => {
        const looks = [...of(given).values()].map(({ colour, shape }) => `${colour} ${shape}`);
        assert.equal(new Set(looks).size, given.length);
      }),
    );
  });
});
