import assert from 'node:assert/strict';
import { fuzzFigures } from '../../../bench/correlator-fuzz/figures.ts';
import type { FuzzRun } from '../../../bench/correlator-fuzz/run.ts';
import { holds } from '../../../bench/figure.ts';

const round = {
  requests: 100,
  beyondEnvelope: 60,
  spans: 300,
  copies: 20,
  malformed: 30,
  miscounted: 0,
  lost: 0,
  mostHeldBytes: 1024,
  stillHeldBytes: 0,
};
const served = {
  answers: { taken: 7, refused: 2, tooLong: 1 },
  misanswered: 0,
  goodOneTaken: true,
};
const sound: FuzzRun = { rounds: [round, round], served, mostRssBytes: 1024 };

function failing(run: FuzzRun): string[] {
  return fuzzFigures(run, 200).flatMap((figure) =>
    holds(figure) === false ? [figure.figure] : [],
  );
}

describe('the figures of mutated requests', () => {
  it('hold of a sound run', () => {
    assert.deepEqual(failing(sound), []);
  });

  const wrong: readonly (readonly [figure: string, round: Partial<typeof round>])[] = [
    ['requests survived', { requests: 99 }],
    ['read beyond the envelope', { beyondEnvelope: 39 }],
    ['malformed spans and requests', { malformed: -30 }],
    ['errors or spans not counted', { miscounted: 1 }],
    ['spans neither copied nor dropped', { lost: 1 }],
    ['held at most', { mostHeldBytes: 2 ** 21 }],
    ['held at the end', { stillHeldBytes: 1 }],
  ];
  for (const [figure, changes] of wrong)
    it(`fail for "${figure}" where one round is wrong`, () => {
      assert.deepEqual(failing({ ...sound, rounds: [round, { ...round, ...changes }] }), [figure]);
    });

  it('fail where the process takes too much memory', () => {
    assert.deepEqual(failing({ ...sound, mostRssBytes: 2 ** 29 }), ['memory at most']);
  });

  it('fail where the server does not answer, or never refuses', () => {
    const answers = { taken: 9, refused: 0, tooLong: 1 };

    assert.deepEqual(failing({ ...sound, served: { ...served, answers } }), ['server: refused']);
    assert.deepEqual(
      failing({ ...sound, served: { ...served, misanswered: 1, goodOneTaken: false } }),
      ['server: answered otherwise, or not', 'server: takes a sound one after'],
    );
  });
});
