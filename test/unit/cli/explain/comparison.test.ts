import assert from 'node:assert/strict';
import { compare } from '../../../../cli/explain/comparison.ts';
import { hourOf } from '../../../../cli/explain/hour.ts';
import type { ProbeTimes } from '../../../../cli/trace/source.ts';

const own = {
  traceId: 'a'.repeat(32),
  phases: { create: 20n, schedule: 10n, start: 900n },
  failure: null,
};

function probe(digit: string, spans: Readonly<Record<string, bigint>>): ProbeTimes {
  return { traceId: digit.repeat(32), spans: new Map(Object.entries(spans)) };
}

const whole = (factor: bigint): Record<string, bigint> => ({
  'prober.create-pod': 10n * factor,
  'pod.schedule': 5n * factor,
  'pod.start': 100n * factor,
});

describe('compare', () => {
  it('holds each phase, and their sum, against the median of the others', () => {
    const others = [probe('1', whole(1n)), probe('2', whole(2n)), probe('3', whole(30n))];

    assert.deepEqual(compare(own, others), {
      kind: 'compared',
      probes: 3,
      phases: [
        { phase: 'create', ns: 20n, medianNs: 20n, others: 3, times: 1 },
        { phase: 'schedule', ns: 10n, medianNs: 10n, others: 3, times: 1 },
        { phase: 'start', ns: 900n, medianNs: 200n, others: 3, times: 4.5 },
        { phase: 'all', ns: 930n, medianNs: 230n, others: 3, times: 930 / 230 },
      ],
    });
  });

  it('does not compare a probe with itself', () => {
    assert.deepEqual(compare(own, [probe('a', whole(1n))]), { kind: 'none' });
    assert.deepEqual(compare(own, []), { kind: 'none' });
  });

  it('leaves out phases that no other completed, and sums that nobody has', () => {
    const compared = compare(own, [probe('1', { 'pod.schedule': 5n })]);

    assert.deepEqual(compared, {
      kind: 'compared',
      probes: 1,
      phases: [{ phase: 'schedule', ns: 10n, medianNs: 5n, others: 1, times: 2 }],
    });
  });

  it('tells no ratio to a median of nothing', () => {
    const compared = compare({ ...own, phases: { schedule: 10n } }, [
      probe('1', { 'pod.schedule': 0n }),
    ]);

    assert.deepEqual(compared, {
      kind: 'compared',
      probes: 1,
      phases: [{ phase: 'schedule', ns: 10n, medianNs: 0n, others: 1, times: null }],
    });
  });

  it('tells no sum of a start that failed', () => {
    const compared = compare({ ...own, failure: 'no such image' }, [probe('1', whole(1n))]);

    assert.equal(
      compared.kind === 'compared' && compared.phases.some((row) => row.phase === 'all'),
      false,
    );
    assert.equal(compared.kind, 'compared');
  });
});

describe('hourOf', () => {
  const minute = 60_000_000_000n;
  const start = { fromNs: 1000n * minute, toNs: 1001n * minute };

  it('is the last hour of a start within it', () => {
    assert.deepEqual(hourOf(start, 1060n * minute), {
      fromNs: 1000n * minute,
      toNs: 1060n * minute,
      words: 'of the last hour',
    });
  });

  it('is the hour up to its end of an older start', () => {
    assert.deepEqual(hourOf(start, 1061n * minute), {
      fromNs: 941n * minute,
      toNs: 1001n * minute,
      words: 'of the hour before',
    });
  });
});
