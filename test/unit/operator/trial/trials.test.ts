import assert from 'node:assert/strict';

import type { TrialPod, TrialState } from '../../../../operator/trial/trial-pod.ts';
import { createTrials, type Trials, type TrialsStep } from '../../../../operator/trial/trials.ts';

const image = 'agent:1';
const node = (name: string) => ({ name, uid: `uid-${name}` });
const nodes = [node('n1'), node('n2')];
const runs: TrialState = { kind: 'runs' };
const waits: TrialState = { kind: 'waits', message: 'ContainerCreating' };
const failed: TrialState = { kind: 'failed', message: 'ErrImagePull: no such image' };
const pod = (on: string, state: TrialState): TrialPod => ({
  name: `trial-${on}`,
  image,
  nodeUid: `uid-${on}`,
  state,
});

/** Steps one after the other, each at its time with its pods. */
function stepped(
  trials: Trials,
  steps: readonly (readonly [nowMs: number, pods: readonly TrialPod[], on?: typeof nodes])[],
): TrialsStep[] {
  return steps.map(([nowMs, pods, on = nodes]) =>
    trials.step({ images: new Set([image]), nodes: on, pods, nowMs }),
  );
}

const everywhere = (step: TrialsStep | undefined) => step?.seen.get(image)?.everywhere;
const judged = (step: TrialsStep | undefined): string => {
  const { status, reason } = step?.seen.get(image)?.judgement ?? {};
  return `${status} ${reason}`;
};
const onNodes = (step: TrialsStep | undefined) =>
  step?.create.map(({ node: { name } }) => name).toSorted();

/** Run on both nodes by 3 s. */
function sound(): Trials {
  const trials = createTrials();
  const both = [pod('n1', runs), pod('n2', runs)];
  const steps = stepped(trials, [
    [0, []],
    [1000, both],
    [3000, both],
  ]);
  assert.equal(everywhere(steps[2]), true);
  return trials;
}

describe('trials of an image', () => {
  it('begin on every node, and wait until the program has run for 2 s', () => {
    const trials = createTrials();
    const both = [pod('n1', runs), pod('n2', runs)];
    const [first, second, third, fourth] = stepped(trials, [
      [0, []],
      [1000, both],
      [2999, both],
      [3000, both],
    ]);

    assert.deepEqual(onNodes(first), ['n1', 'n2']);
    assert.deepEqual([second, third].map(everywhere), [false, false]);
    assert.equal(judged(third), 'Unknown Trying');
    assert.deepEqual(fourth?.remove.toSorted(), ['trial-n1', 'trial-n2']);
    assert.equal(judged(fourth), 'True Run');
    assert.deepEqual([...(fourth?.seen.get(image)?.nodes ?? [])], ['n1', 'n2']);
    assert.deepEqual(fourth?.create, []);
  });

  it('tell a node on which the image cannot be run, and try it again a minute later', () => {
    const trials = createTrials();
    const [, second, third, fourth] = stepped(trials, [
      [0, []],
      [1000, [pod('n1', failed), pod('n2', waits)]],
      [60_999, [pod('n2', waits)]],
      [61_000, [pod('n2', waits)]],
    ]);

    assert.equal(judged(second), 'False NotRun');
    assert.match(
      second?.seen.get(image)?.judgement.message ?? '',
      /^image agent:1 could not be run on node n1: ErrImagePull: no such image$/,
    );
    assert.deepEqual(second?.remove, ['trial-n1']);
    assert.deepEqual([onNodes(third), onNodes(fourth)], [[], ['n1']]);
  });

  it('fail where nothing starts within two minutes', () => {
    const steps = stepped(createTrials(), [
      [0, [pod('n1', waits)]],
      [119_999, [pod('n1', waits)]],
      [120_000, [pod('n1', waits)]],
    ]);

    assert.deepEqual(steps.map(judged), ['Unknown Trying', 'Unknown Trying', 'False NotRun']);
  });

  it('go on for a node that comes, for whose sake the image is not held back for 30 s', () => {
    const trials = sound();
    const all = [...nodes, node('n3')];
    const [first, later, late, done] = stepped(trials, [
      [10_000, [], all],
      [39_999, [pod('n3', waits)], all],
      [40_000, [pod('n3', waits)], all],
      [50_000, [], nodes],
    ]);

    assert.deepEqual(onNodes(first), ['n3']);
    assert.deepEqual([first, later, late, done].map(everywhere), [true, true, false, true]);
  });

  it('hold the image back at once where a new node cannot run it', () => {
    const trials = sound();
    const all = [...nodes, node('n3')];
    const [step] = stepped(trials, [[10_000, [pod('n3', failed)], all]]);

    assert.equal(everywhere(step), false);
    assert.deepEqual([...(step?.seen.get(image)?.nodes ?? [])], ['n1', 'n2']);
  });

  it('do not hold the image back where a node has no room for them, and are made again there', () => {
    const trials = createTrials();
    const both = [pod('n1', runs), pod('n2', { kind: 'refused' })];
    const [, second, later] = stepped(trials, [
      [0, both],
      [2000, [pod('n1', runs)]],
      [60_000, []],
    ]);

    assert.equal(judged(second), 'True Run');
    assert.deepEqual([...(second?.seen.get(image)?.nodes ?? [])], ['n1']);
    assert.deepEqual(onNodes(later), ['n2']);
  });

  it('are made anew every day, without holding the image back meanwhile', () => {
    const trials = sound();
    const dayMs = 24 * 3_600_000;
    const [before, after] = stepped(trials, [
      [2999 + dayMs, []],
      [3000 + dayMs, []],
    ]);

    assert.deepEqual([onNodes(before), onNodes(after)], [[], ['n1', 'n2']]);
    assert.equal(everywhere(after), true);
  });

  it('are ten at once', () => {
    const many = Array.from({ length: 25 }, (_, index) => node(`n${index}`));
    const pods = many.slice(0, 7).map(({ name }) => pod(name, waits));
    const [first, second] = stepped(createTrials(), [
      [0, [], many],
      [1, pods, many],
    ]);

    assert.deepEqual([first?.create.length, second?.create.length], [10, 3]);
  });

  it('end for an image that nobody wants, and on a node that is gone', () => {
    const trials = createTrials();
    const pods = [pod('n1', waits), pod('gone', runs)];
    const wanted = trials.step({ images: new Set([image]), nodes, pods, nowMs: 0 });
    const unwanted = trials.step({ images: new Set(), nodes, pods, nowMs: 1 });

    assert.deepEqual(wanted.remove, ['trial-gone']);
    assert.deepEqual(unwanted.remove, ['trial-n1', 'trial-gone']);
    assert.equal(unwanted.seen.size, 0);
  });

  it('without nodes have seen nothing', () => {
    const [step] = stepped(createTrials(), [[0, [], []]]);

    assert.deepEqual([everywhere(step), judged(step)], [false, 'Unknown Trying']);
  });
});
