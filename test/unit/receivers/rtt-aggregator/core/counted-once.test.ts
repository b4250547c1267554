import assert from 'node:assert/strict';

import { countedOnce } from '../../../../../receivers/rtt-aggregator/core/counted-once.ts';
import { createMeshBook } from '../../../../../receivers/rtt-aggregator/core/mesh-book.ts';
import { distinctPingers } from '../../../../../receivers/rtt-aggregator/core/pingers.ts';
import { stretchMs } from '../../../../../receivers/shared/mesh/tally-limits.ts';
import type { MeshPlace } from '../../../../../receivers/shared/mesh/tally-report.ts';
import { place, report, row, startMs } from '../tally.ts';

const first = Math.floor(startMs / stretchMs) - 3;

/** One row in each of some stretches. */
const told = (source: MeshPlace, ...numbers: readonly number[]) =>
  report(source, {
    destinations: [place('z')],
    stretches: numbers.map((number) => ({ number, rows: [row(0, 5, 1)] })),
  });

describe('countedOnce', () => {
  it('counts what a pinger tells by two addresses once', () => {
    const book = createMeshBook(200);
    const take = countedOnce(book.take);
    take(told(place('a'), first, first + 1), 0, startMs);
    const { after } = take(told(place('a'), first, first + 1, first + 2), 0, startMs);

    assert.equal(book.rows(), 3);
    assert.equal(after, first + 2);
  });

  it('counts two pingers of one node, and all that do not know where they are', () => {
    const book = createMeshBook(200);
    const take = countedOnce(book.take);
    const sources = [
      place('a'),
      place('a', '', { namespace: 'x', pod: 'p' }),
      place(''),
      place(''),
    ];
    for (const source of sources) take(told(source, first), 0, startMs);

    assert.equal(book.rows(), 4);
  });

  it('counts on where our clock was set back meanwhile', () => {
    const book = createMeshBook(200);
    const take = countedOnce(book.take);
    take(told(place('a'), first), 0, startMs);
    take(told(place('a'), first - 100), 0, startMs - 100 * stretchMs);

    assert.equal(book.rows(), 2);
  });
});

describe('distinctPingers', () => {
  it('takes a pinger once that is fixed and behind the Service, as the Service tells it', () => {
    const pod = place('a', 'west', { namespace: 'x', pod: 'p' });
    const pingers = distinctPingers([
      { url: 'http://10.0.0.1:2112', place: pod },
      { url: 'http://[fd00::1]:2112', place: pod },
      { url: 'http://10.0.0.1:2112', place: undefined },
      { url: 'http://[FD00:0::1]:2112', place: undefined },
      { url: 'http://10.0.0.2:2112', place: undefined },
    ]);

    assert.deepEqual(pingers, [
      { url: 'http://10.0.0.1:2112', place: pod },
      { url: 'http://10.0.0.2:2112', place: undefined },
    ]);
  });
});
