import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { criticalPath, type Interval } from '../../../../receivers/shared/critical-path.ts';

interface Named extends Interval<Named> {
  readonly name: string;
}

function work(name: string, fromNs: number, toNs: number, ...children: Named[]): Named {
  return { name, fromNs: BigInt(fromNs), toNs: BigInt(toNs), children };
}

function path(works: readonly Named[], fromNs: number, toNs: number): string {
  return criticalPath(works, BigInt(fromNs), BigInt(toNs))
    .map((each) => `${each.fromNs}-${each.toNs} ${each.work?.name ?? '-'}`)
    .join(', ');
}

describe('criticalPath', () => {
  it('is nobody’s time where nothing was under way', () => {
    assert.equal(path([], 0, 10), '0-10 -');
  });

  it('goes through works that follow each other, and names the gaps', () => {
    const works = [work('a', 1, 3), work('b', 5, 9)];

    assert.equal(path(works, 0, 10), '0-1 -, 1-3 a, 3-5 -, 5-9 b, 9-10 -');
  });

  it('belongs to the deepest child that was the last to finish, and else to the work itself', () => {
    const inner = work('inner', 4, 6);
    const works = [work('outer', 0, 10, work('child', 2, 8, inner))];

    assert.equal(path(works, 0, 10), '0-2 outer, 2-4 child, 4-6 inner, 6-8 child, 8-10 outer');
  });

  it('leaves out what finished while something else was waited for', () => {
    const works = [work('parent', 0, 10, work('short', 1, 4), work('long', 2, 9))];

    assert.equal(path(works, 0, 10), '0-1 parent, 1-2 short, 2-9 long, 9-10 parent');
  });

  it('takes the first of works that are under way at the same instant', () => {
    assert.equal(path([work('late', 6, 12), work('early', 1, 11)], 0, 10), '0-1 -, 1-10 early');
  });

  it('keeps to the time that is asked about', () => {
    assert.equal(path([work('a', 0, 100, work('b', 5, 95))], 10, 20), '10-20 b');
    assert.equal(path([work('before', 0, 5), work('after', 30, 40)], 10, 20), '10-20 -');
  });

  it('ends on a chain that is deeper than any trace', () => {
    let deep = work('leaf', 0, 10);
    for (let depth = 0; depth < 5000; depth++) deep = work('link', 0, 10, deep);

    assert.equal(path([deep], 0, 10), '0-10 link');
  });

  const worksAbove = (below: fc.Arbitrary<Named[]>): fc.Arbitrary<Named[]> =>
    fc.array(
      fc
        .tuple(fc.integer({ min: -20, max: 120 }), fc.nat(60), below)
        .map(([from, length, children]) => work('x', from, from + length, ...children)),
      { maxLength: 4 },
    );
  const works = worksAbove(worksAbove(worksAbove(fc.constant([]))));

  it('covers the time exactly, in order and without overlap, whatever the works', () => {
    fc.assert(
      fc.property(works, (some) => {
        const stretches = criticalPath(some, 0n, 100n);

        const edges = stretches.flatMap(({ fromNs, toNs }) => [fromNs, toNs]);
        assert.deepEqual([edges.at(0), edges.at(-1)], [0n, 100n]);
        for (const [index, { fromNs, toNs, work: own }] of stretches.entries()) {
          assert.ok(toNs > fromNs);
          assert.equal(fromNs, stretches[index - 1]?.toNs ?? 0n);
          assert.ok(own === undefined || (own.fromNs <= fromNs && own.toNs >= toNs));
        }
      }),
    );
  });
});
