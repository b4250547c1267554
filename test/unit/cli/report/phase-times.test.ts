import assert from 'node:assert/strict';
import { phaseTimes, totalNs } from '../../../../cli/report/phase-times.ts';
import type { ProbeTimes } from '../../../../cli/trace/source.ts';

const ms = 1_000_000n;

function probe(traceId: string, createMs: bigint, readyMs?: bigint): ProbeTimes {
  const spans = new Map([
    ['prober.create-pod', createMs * ms],
    ['pod.schedule', 10n * ms],
    ['pod.start', 400n * ms],
  ]);
  if (readyMs !== undefined) spans.set('pod.ready', readyMs * ms);
  return { traceId, spans };
}

describe('phaseTimes()', () => {
  it('gives the times of a phase in ascending order, with median and 95th percentile', () => {
    const probes = Array.from({ length: 20 }, (_, index) =>
      probe(`${index}`, BigInt(20 - index), 5n),
    );
    const [create] = phaseTimes(probes);

    assert.equal(create?.phase, 'create');
    assert.equal(create.seconds[0], 0.001);
    assert.equal(create.seconds.at(-1), 0.02);
    assert.equal(create.medianS, 0.01);
    assert.equal(create.p95S, 0.019);
  });

  it('counts a probe that lacks a phase in the others, and not in the whole', () => {
    const times = phaseTimes([probe('a', 5n, 5n), probe('b', 5n)]);

    assert.deepEqual(
      times.map(({ phase, seconds }) => [phase, seconds.length]),
      [
        ['create', 2],
        ['schedule', 2],
        ['start', 2],
        ['ready', 1],
        ['all', 1],
      ],
    );
  });

  it('has no row for what no probe completed', () => {
    assert.deepEqual(phaseTimes([]), []);
  });
});

describe('totalNs()', () => {
  it('is the sum of all phases', () => {
    assert.equal(totalNs(probe('a', 5n, 5n)), 420n * ms);
  });

  it('is not known where a phase is missing', () => {
    assert.equal(totalNs(probe('a', 5n)), undefined);
  });
});
