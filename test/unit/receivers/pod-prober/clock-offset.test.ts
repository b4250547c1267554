import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import {
  assumePrompt,
  correctionNs,
  createOffsetMemory,
  estimateOffsets,
  unknownOffset,
  type Reading,
} from '../../../../receivers/pod-prober/clock-offset.ts';

const clockId = 'node:worker';
const nothingKnown = (): typeof unknownOffset => unknownOffset;
const second = 1_000_000_000n;

describe('estimateOffsets', () => {
  it('bounds hold the true offset whatever it is, and whatever the delays are', () => {
    const delay = fc.bigInt(0n, 3n * second);
    const moments = fc.array(
      fc.record({ atNs: fc.bigInt(0n, 100n * second), causeNs: delay, lagNs: delay }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(
        fc.bigInt(-200_000_000n, 200_000_000n),
        moments,
        fc.boolean(),
        (offsetNs, all, whole) => {
          const readings: Reading[] = all.map(({ atNs, causeNs, lagNs }) => {
            const shown = atNs + offsetNs + 1000n * second;
            return {
              clockId,
              clockNs: whole ? shown - (shown % second) : shown,
              resolutionNs: whole ? second : 0n,
              afterNs: atNs + 1000n * second - causeNs,
              beforeNs: atNs + 1000n * second + lagNs,
            };
          });
          const { loNs, hiNs } =
            estimateOffsets(readings, nothingKnown).get(clockId) ?? unknownOffset;

          assert.ok(loNs !== null && hiNs !== null && loNs <= offsetNs && offsetNs <= hiNs);
        },
      ),
    );
  });

  it('drops what was known where it contradicts: the clock was stepped', () => {
    const reading = { clockId, clockNs: 500n, resolutionNs: 0n, afterNs: 90n, beforeNs: 110n };
    const offsets = estimateOffsets([reading], () => ({ loNs: -10n, hiNs: 10n }));

    assert.deepEqual(offsets.get(clockId), { loNs: 390n, hiNs: 410n });
  });
});

describe('correctionNs', () => {
  const cases: readonly [string, { loNs: bigint | null; hiNs: bigint | null }, bigint][] = [
    ['nothing while the clock may be right', { loNs: -5n, hiNs: 900n }, 0n],
    ['nothing of a clock that is not known', unknownOffset, 0n],
    ['the middle of a clock that is ahead', { loNs: 190n, hiNs: 210n }, 200n],
    ['the middle of a clock that is behind', { loNs: -210n, hiNs: -190n }, -200n],
    ['the only bound of a clock that is ahead', { loNs: 190n, hiNs: null }, 190n],
    ['the only bound of a clock that is behind', { loNs: null, hiNs: -190n }, -190n],
  ];
  for (const [what, offset, expected] of cases) {
    it(`takes ${what}`, () => {
      assert.equal(correctionNs(offset), expected);
    });
  }
});

describe('assumePrompt', () => {
  it('narrows a loose upper bound', () => {
    assert.deepEqual(assumePrompt({ loNs: -8n, hiNs: 900n }, 20n), { loNs: -8n, hiNs: 12n });
  });

  it('leaves bounds alone that it would turn into a clock behind: slow delivery looks the same', () => {
    const offset = { loNs: -300n, hiNs: 900n };

    assert.equal(assumePrompt(offset, 20n), offset);
  });
});

describe('createOffsetMemory', () => {
  const learn = (loNs: bigint, hiNs: bigint): Map<string, { loNs: bigint; hiNs: bigint }> =>
    new Map([[clockId, { loNs, hiNs }]]);

  it('narrows the bounds of a clock over a run', () => {
    const memory = createOffsetMemory();
    memory.learn(learn(-50n, 20n), 0n);
    memory.learn(learn(-10n, 90n), second);

    assert.deepEqual(memory.known(clockId, second), { loNs: -10n, hiNs: 20n });
  });

  it('forgets what is older than two windows, for clocks drift', () => {
    const memory = createOffsetMemory();
    memory.learn(learn(-50n, 20n), 0n);

    assert.deepEqual(memory.known(clockId, 130n * second), { loNs: -50n, hiNs: 20n });
    assert.deepEqual(memory.known(clockId, 400n * second), unknownOffset);
  });

  it('starts anew with a clock that was stepped', () => {
    const memory = createOffsetMemory();
    memory.learn(learn(-10n, 10n), 0n);
    memory.learn(learn(500n, 510n), second);

    assert.deepEqual(memory.known(clockId, second), { loNs: 500n, hiNs: 510n });
  });
});
