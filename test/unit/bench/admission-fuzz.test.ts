import assert from 'node:assert/strict';
import { admissionFigures } from '../../../bench/admission-fuzz/figures.ts';
import type { AdmissionFuzzRun } from '../../../bench/admission-fuzz/run.ts';
import { holds } from '../../../bench/figure.ts';

const round = {
  requests: 100,
  injected: 40,
  unreadable: 30,
  left: 30,
  otherUid: 0,
  failed: 0,
  longestMs: 10,
};
const served = { answered: 10, misanswered: 0, longestMs: 10, counted: 10, soundOneInjected: true };
const sound: AdmissionFuzzRun = { rounds: [round, round], served };

function failing(run: AdmissionFuzzRun): string[] {
  return admissionFigures(run, { requests: 200, served: 10 }).flatMap((figure) =>
    holds(figure) === false ? [figure.figure] : [],
  );
}

describe('the figures of mutated admission requests', () => {
  it('hold of a sound run', () => {
    assert.deepEqual(failing(sound), []);
  });

  const wrong: readonly (readonly [string, Partial<typeof round>])[] = [
    ['injected, with a patch that applies', { injected: -10 }],
    ['left as they are', { left: 0 }],
    ['not readable', { unreadable: -20 }],
    ['answers to another uid', { otherUid: 1 }],
    ['the operator at fault', { failed: 1 }],
    ['longest', { longestMs: 2001 }],
  ];
  for (const [figure, changes] of wrong)
    it(`fail for "${figure}" where one round is wrong`, () => {
      assert.deepEqual(failing({ ...sound, rounds: [round, { ...round, ...changes }] }), [figure]);
    });

  const wronglyServed: readonly (readonly [string, Partial<typeof served>])[] = [
    ['server: answered otherwise, or not', { misanswered: 1 }],
    ['server: answers not counted', { counted: 9 }],
    ['server: longest', { longestMs: 2001 }],
    ['server: injects a sound one after', { soundOneInjected: false }],
  ];
  for (const [figure, changes] of wronglyServed)
    it(`fail for "${figure}"`, () => {
      assert.deepEqual(failing({ ...sound, served: { ...served, ...changes } }), [figure]);
    });

  it('fail where a round is missing', () => {
    assert.deepEqual(failing({ ...sound, rounds: [round] }), ['requests answered, each allowed']);
  });
});
