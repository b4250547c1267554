import assert from 'node:assert/strict';

import { judge } from '../../../../../receivers/rtt-aggregator/core/judge.ts';
import { createMeshBook } from '../../../../../receivers/rtt-aggregator/core/mesh-book.ts';
import { silentNodes } from '../../../../../receivers/rtt-aggregator/core/silent.ts';
import { findingText } from '../../../../../receivers/rtt-aggregator/core/finding.ts';
import { stretchMs } from '../../../../../receivers/shared/mesh/tally-limits.ts';
import { place, report, row, smallMesh, startMs, type SmallMesh } from '../tally.ts';

const rules = { usualLoss: 2e-4, evidence: 12 };
const four = { a: 'east', b: 'east', c: 'west', d: 'west' };

const culprits = ({ book, nowMs }: SmallMesh): string[] =>
  judge(book, nowMs(), rules).map(findingText);

describe('judge', () => {
  it('finds nobody where all is answered, and nobody in an empty mesh', () => {
    const mesh = smallMesh(four);
    assert.deepEqual(culprits(mesh), []);

    mesh.play(12, () => 0);

    assert.deepEqual(culprits(mesh), []);
  });

  for (const [title, nodes] of [
    ['three', ['a', 'b', 'd']],
    ['four', ['a', 'b', 'c', 'd']],
    ['ten', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']],
  ] as const)
    it(`finds a dead node of ${title} and none of the links to it, within one stretch of losses`, () => {
      const mesh = smallMesh(Object.fromEntries(nodes.map((node) => [node, 'east'])));
      mesh.play(12, () => 0);
      mesh.play(
        1,
        (_, to) => (to === 'd' ? 1 : 0),
        (node) => node !== 'd',
      );

      assert.deepEqual(culprits(mesh), ['node d']);
    });

  it('finds a node that still sends, yet is not answered', () => {
    const mesh = smallMesh(four);
    mesh.play(3, (from, to) => (from === 'd' || to === 'd' ? 1 : 0));

    assert.deepEqual(judge(mesh.book, mesh.nowMs(), rules), [{ kind: 'node', node: 'd', loss: 1 }]);
  });

  it('finds a link that loses all in one direction, and neither of its nodes', () => {
    const mesh = smallMesh(four);
    mesh.play(2, (from, to) => (from === 'a' && to === 'c' ? 1 : 0));

    assert.deepEqual(culprits(mesh), ['link a -> c']);
  });

  it('finds a pair of zones that loses all in one direction, and none of its links', () => {
    const mesh = smallMesh(four);
    mesh.play(2, (from, to) => ('ab'.includes(from) && 'cd'.includes(to) ? 1 : 0));

    assert.deepEqual(culprits(mesh), ['zones east -> west']);
  });

  it('finds a node that is not reached, yet reaches others, though it is all that is left of its zone', () => {
    const mesh = smallMesh(four);
    const alive = (node: string): boolean => node !== 'd';
    mesh.play(8, (_, to) => (to === 'd' ? 1 : 0), alive);
    mesh.play(4, (_, to) => (to === 'c' || to === 'd' ? 1 : 0), alive);

    assert.deepEqual(culprits(mesh).toSorted(), ['node c', 'node d']);
  });

  it('finds a dead node beside a link of others', () => {
    const mesh = smallMesh({ ...four, e: 'east' });
    mesh.play(4, (from, to) => (to === 'd' || (from === 'a' && to === 'b') ? 1 : 0));

    assert.deepEqual(culprits(mesh).toSorted(), ['link a -> b', 'node d']);
  });

  it('lets go of what was lost a minute ago', () => {
    const mesh = smallMesh(four);
    mesh.play(3, (_, to) => (to === 'd' ? 1 : 0));
    mesh.play(11, () => 0);
    assert.deepEqual(culprits(mesh), ['node d']);

    mesh.play(1, () => 0);
    mesh.play(1, () => 0);

    assert.deepEqual(culprits(mesh), []);
  });

  it('holds a pinger that is silent, and whose node answers, for silent alone', () => {
    const mesh = smallMesh(four);
    mesh.play(2, () => 0);
    mesh.play(
      6,
      () => 0,
      (node) => node !== 'd',
    );

    assert.deepEqual(culprits(mesh), []);
    assert.deepEqual(silentNodes(mesh.book.roster, mesh.nowMs()), ['d']);
  });

  it('holds a node for silent that pingers name once in their interval, however long', () => {
    const mesh = smallMesh(four);
    mesh.play(
      5,
      () => 0,
      (node) => node !== 'd',
    );
    const laterMs = mesh.nowMs() + 25_000;

    assert.deepEqual(silentNodes(mesh.book.roster, laterMs, 3000), []);
    assert.ok(silentNodes(mesh.book.roster, laterMs, 90_000).includes('d'));
  });

  it('forgets a node that nobody names any more', () => {
    const mesh = smallMesh(four);
    mesh.play(2, () => 0);
    const { book } = mesh;
    book.sweep(mesh.nowMs() + 100_000);

    assert.equal(book.roster.size(), 0);
    assert.deepEqual([...book.pairs()], []);
  });

  describe('in a mesh too large to be kept by pair', () => {
    /** Each node probes its next six, as by the plan. */
    const nodes = Array.from({ length: 60 }, (_, index) => `n${index}`);

    function large(lossOf: (from: string, to: string) => number, convicted: readonly string[]) {
      const book = createMeshBook(50);
      let nowMs = startMs;
      for (let stretch = 0; stretch < 6; stretch++) {
        const number = Math.floor(nowMs / stretchMs);
        nowMs += stretchMs;
        for (const [index, from] of nodes.entries()) {
          const to = [1, 2, 3, 5, 8, 13].map((step) => nodes[(index + step) % nodes.length] ?? '');
          const rows = to.map((name, at) => row(at, 5, Math.round(5 * lossOf(from, name))));
          const own = to.flatMap((name, at) => (convicted.includes(`${from}>${name}`) ? [at] : []));
          const destinations = to.map((name) => place(name, name.endsWith('1') ? 'one' : 'two'));
          book.take(
            report(place(from), {
              full: false,
              destinations,
              stretches: [{ number, rows }],
              convicted: own,
            }),
            0,
            nowMs,
          );
        }
      }
      return judge(book, nowMs, rules).map(findingText);
    }

    it('finds a link that its pinger convicted', () => {
      const lossy = (from: string, to: string) => (from === 'n7' && to === 'n9' ? 1 : 0);

      assert.deepEqual(large(lossy, ['n7>n9']), ['link n7 -> n9']);
    });

    it('finds a dead node, not the links that pingers convicted', () => {
      const to20 = [19, 18, 17, 15, 12, 7].map((from) => `n${from}>n20`);

      assert.deepEqual(
        large((_, to) => (to === 'n20' ? 1 : 0), to20),
        ['node n20'],
      );
    });

    it('keeps no pairs', () => {
      const book = createMeshBook(2);
      const destinations = [place('b'), place('c')];
      book.take(report(place('a'), { destinations }), 0, startMs);

      assert.equal(book.byPair(), false);
      assert.deepEqual([...book.pairs()], []);
    });
  });
});
