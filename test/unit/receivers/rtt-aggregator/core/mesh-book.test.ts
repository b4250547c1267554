import assert from 'node:assert/strict';

import { createMeshBook } from '../../../../../receivers/rtt-aggregator/core/mesh-book.ts';
import { matrixText } from '../../../../../receivers/rtt-aggregator/core/matrix.ts';
import { nodeDelays } from '../../../../../receivers/rtt-aggregator/core/node-delays.ts';
import { matrixReport } from '../../../../../receivers/shared/mesh/matrix-report.ts';
import { stretchMs } from '../../../../../receivers/shared/mesh/tally-limits.ts';
import { place, report, row, smallMesh, startMs, type Row } from '../tally.ts';

const current = Math.floor(startMs / stretchMs);

describe('the book of the mesh', () => {
  const destinations = [place('b', 'west')];
  const ofA = (number: number, rows: Row[]) =>
    report(place('a', 'east'), { destinations, stretches: [{ number, rows }] });

  const read = (book: ReturnType<typeof createMeshBook>, nowMs = startMs) =>
    matrixReport.parse(
      JSON.parse([...matrixText({ book, verdicts: [], silent: [], nowMs })].join('')),
    );

  it('counts a stretch once, however often it is told', () => {
    const book = createMeshBook(200);
    const first = book.take(ofA(current - 1, [row(0, 5, 1)]), 0, startMs);
    const again = book.take(ofA(current - 1, [row(0, 5, 1)]), first.after, startMs);

    assert.equal(again.after, current - 1);
    assert.deepEqual(
      read(book).pairs.map(({ sent, lost }) => [sent, lost]),
      [[5, 1]],
    );
  });

  it('adds up stretches, with the shortest, the longest and the newest round trip', () => {
    const book = createMeshBook(200);
    book.take(ofA(current - 3, [[0, 5, 0, 5, 0.01, 0.001, 0.003, 0.002]]), 0, startMs);
    book.take(ofA(current - 2, [[0, 5, 5, 0, 0, null, null, null]]), current - 3, startMs);
    book.take(ofA(current - 1, [[0, 5, 0, 5, 0.02, 0.002, 0.006, 0.005]]), current - 2, startMs);

    const { pairs, zonePairs } = read(book);
    const expected = { sent: 15, lost: 5, minS: 0.001, maxS: 0.006, lastS: 0.005 };
    for (const [cell] of [pairs, zonePairs]) {
      assert.ok(cell);
      const { from: _from, to: _to, meanS, ...rest } = cell;
      assert.deepEqual(rest, expected);
      assert.ok(Math.abs((meanS ?? 0) - 0.003) < 1e-9);
    }
  });

  it('lets stretches go that are older than a minute, and takes none that are', () => {
    const book = createMeshBook(200);
    book.take(ofA(current - 1, [row(0, 5, 0)]), 0, startMs);
    assert.equal(read(book, startMs + 55_000).pairs.length, 1);
    assert.equal(read(book, startMs + 65_000).pairs.length, 0);

    book.take(ofA(current - 20, [row(0, 5, 0)]), 0, startMs);
    assert.equal(book.dropped().get('too_old'), 1);
  });

  it('refuses stretches of a clock that is far ahead', () => {
    const book = createMeshBook(200);

    const taken = book.take(ofA(current + 10, [row(0, 5, 0)]), 7, startMs);

    assert.deepEqual(taken, { kind: 'clock_ahead', after: 7 });
    assert.equal(book.rows(), 0);
  });

  it('counts rows without a place as dropped, and pods of the same node not at all', () => {
    const book = createMeshBook(200);
    const same = [place('a', 'east', { pod: 'other' })];
    book.take(
      report(place('a', 'east'), {
        destinations: same,
        stretches: [{ number: current - 1, rows: [row(0, 5, 0), row(9, 5, 0)] }],
      }),
      0,
      startMs,
    );

    assert.equal(book.rows(), 0);
    assert.equal(book.dropped().get('no_place'), 1);
  });

  it('tells the last round trip of each ordered pair in milliseconds, while it is fresh', () => {
    const mesh = smallMesh({ a: 'east', b: 'west', c: 'west' });
    mesh.play(2, (from, to) => (from === 'a' && to === 'b' ? 1 : 0));

    const told = Array.from(nodeDelays(mesh.book, mesh.nowMs()));
    assert.equal(told.length, 5);
    assert.ok(!told.some(({ from, to }) => from === 'a' && to === 'b'));
    assert.deepEqual(told[0], { from: 'a', to: 'c', ms: 1 });

    mesh.play(4, (from) => (from === 'a' ? 1 : 0));
    const later = Array.from(nodeDelays(mesh.book, mesh.nowMs()));
    assert.deepEqual([...new Set(later.map(({ from }) => from))].toSorted(), ['b', 'c']);
  });

  it('tells them for a minute where pingers probe by a plan', () => {
    const told = (full: boolean): number => {
      const book = createMeshBook(200);
      book.take({ ...ofA(current - 9, [row(0, 5, 0)]), full }, 0, startMs);
      return Array.from(nodeDelays(book, startMs)).length;
    };

    assert.equal(told(true), 0);
    assert.equal(told(false), 1);
  });

  for (const [interval, intervalMs, windowMs] of [
    ['1 s', 1000, 60_000],
    ['20 s', 20_000, 60_000],
    ['30 s', 30_000, 120_000],
    ['10 min', 600_000, 1_800_000],
  ] as const)
    it(`looks at ${windowMs / 1000} s, and has fresh round trips, where pingers probe every ${interval}`, () => {
      const book = createMeshBook(200);
      let nowMs = startMs;
      book.take(report(place('a', 'east'), { destinations, intervalMs }), 0, nowMs);
      book.sweep(nowMs);
      const beginMs = nowMs;
      for (; nowMs < beginMs + 2 * windowMs; nowMs += stretchMs) {
        const number = Math.floor(nowMs / stretchMs);
        const probed = (nowMs - beginMs) % intervalMs < stretchMs;
        const more = { destinations: probed ? destinations : [], intervalMs };
        const stretches = [{ number, rows: probed ? [row(0, 1, 0)] : [] }];
        book.take(report(place('a', 'east'), { ...more, stretches }), 0, nowMs + stretchMs);
        book.sweep(nowMs + stretchMs);

        assert.equal(
          Array.from(nodeDelays(book, nowMs + stretchMs)).length,
          1,
          `after ${nowMs - beginMs} ms`,
        );
        assert.equal(book.roster.size(), 2);
      }
      const { windowMs: told, pairs } = read(book, nowMs);

      assert.equal(told, windowMs);
      const most = Math.ceil(windowMs / Math.max(intervalMs, stretchMs));
      assert.ok(Math.abs((pairs[0]?.sent ?? 0) - most) <= 1, `${pairs[0]?.sent} of ${most}`);
    });

  it('keeps to the interval that half of the pingers have', () => {
    const book = createMeshBook(200);
    for (const [node, intervalMs] of [
      ['a', 1000],
      ['b', 1000],
      ['c', 3_600_000],
    ] as const)
      book.take(report(place(node), { intervalMs }), 0, startMs);
    book.sweep(startMs);

    assert.equal(book.slots().windowMs, 60_000);
  });

  it('makes a matrix report that its schema takes, above the stated size without pairs', () => {
    const mesh = smallMesh({ a: 'east', b: 'west', c: 'west' }, 2);
    mesh.play(2, () => 0);

    const matrix = read(mesh.book, mesh.nowMs());

    assert.deepEqual(matrix.pairs, []);
    assert.deepEqual(
      matrix.nodes.map(({ name, zone }) => [name, zone]),
      [
        ['a', 'east'],
        ['b', 'west'],
        ['c', 'west'],
      ],
    );
    assert.equal(matrix.zonePairs.length, 3);
  });
});
