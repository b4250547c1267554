import assert from 'node:assert/strict';
import { belongingTo, type Candidate, type Marks } from '../../../../local/host/belonging.ts';

const variable = 'KUBE_LATENCY_CLUSTER_DIR=/state';
const marks: Marks = {
  variable,
  cgroups: ['/kube-latency-0'],
  processes: [{ pid: 30, startTime: '300' }],
};

function candidate(pid: number, more: Partial<Candidate> = {}): Candidate {
  return { pid, parent: 1, startTime: '1', environment: [], cgroups: ['/'], ...more };
}

function found(candidates: readonly Candidate[], own = 999): number[] {
  return [...belongingTo(marks, candidates, own)].toSorted((a, b) => a - b);
}

describe('belongingTo()', () => {
  it('finds a process by its mark', () => {
    assert.deepEqual(
      found([candidate(10, { environment: ['PATH=/bin', variable] }), candidate(11)]),
      [10],
    );
  });

  it('does not take the mark of another folder for its own', () => {
    assert.deepEqual(found([candidate(10, { environment: [`${variable}2`] })]), []);
  });

  it('finds a process by its cgroup, and below it, but not by a name that merely begins alike', () => {
    const inside = candidate(10, { cgroups: ['/', '/kube-latency-0/worker/kubepods/pod1/c1'] });
    const beside = candidate(11, { cgroups: ['/kube-latency-01/worker'] });

    assert.deepEqual(found([inside, beside]), [10]);
  });

  it('finds a noted process only while its id is not used again', () => {
    assert.deepEqual(found([candidate(30, { startTime: '300' })]), [30]);
    assert.deepEqual(found([candidate(30, { startTime: '301' })]), []);
  });

  it('finds descendants, in whatever order they are listed', () => {
    const tree = [
      candidate(12, { parent: 11 }),
      candidate(11, { parent: 10 }),
      candidate(10, { environment: [variable] }),
      candidate(13),
    ];

    assert.deepEqual(found(tree), [10, 11, 12]);
  });

  it('never counts the asking process and its ancestors', () => {
    const marked = { environment: [variable] };
    const tree = [
      candidate(10, marked),
      candidate(11, { parent: 10 }),
      candidate(12, { parent: 11, ...marked }),
    ];

    assert.deepEqual(found(tree, 12), []);
  });
});
