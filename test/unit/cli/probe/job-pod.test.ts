import assert from 'node:assert/strict';
import { jobFailure, podStage } from '../../../../cli/probe/job-pod.ts';
import type { ApiPod } from '../../../../receivers/pod-prober/pod-objects.ts';

type State = NonNullable<
  NonNullable<NonNullable<ApiPod['status']>['containerStatuses']>[number]['state']
>;

const metadata = { name: 'probe-1' };
const withState = (state: State, phase = 'Pending'): ApiPod => ({
  metadata,
  status: {
    phase,
    containerStatuses: [
      { name: 'sidecar', state: { running: {} } },
      { name: 'pod-prober', state },
    ],
  },
});

describe('podStage', () => {
  const cases = [
    { title: 'no pod', pod: undefined, stage: { kind: 'none' } },
    {
      title: 'a pod that nobody has touched',
      pod: { metadata },
      stage: { kind: 'waiting', why: 'Pending', final: false },
    },
    {
      title: 'a pod without a node',
      pod: {
        metadata,
        status: {
          phase: 'Pending',
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: '0/3 nodes',
            },
          ],
        },
      },
      stage: { kind: 'waiting', why: 'Unschedulable: 0/3 nodes', final: false },
    },
    {
      title: 'an image that may come',
      pod: withState({ waiting: { reason: 'ImagePullBackOff', message: 'Back-off\n pulling' } }),
      stage: { kind: 'waiting', why: 'ImagePullBackOff: Back-off pulling', final: false },
    },
    {
      title: 'an image that must not be pulled',
      pod: withState({ waiting: { reason: 'ErrImageNeverPull' } }),
      stage: { kind: 'waiting', why: 'ErrImageNeverPull', final: true },
    },
    {
      title: 'a prober that runs',
      pod: withState({ running: {} }, 'Running'),
      stage: { kind: 'running', pod: 'probe-1' },
    },
    {
      title: 'a prober that ended by itself',
      pod: withState({ terminated: { exitCode: 1, reason: 'Error' } }, 'Running'),
      stage: { kind: 'ended', pod: 'probe-1', why: 'exit code 1' },
    },
    {
      title: 'a prober that took too much',
      pod: withState({ terminated: { exitCode: 137, reason: 'OOMKilled' } }, 'Failed'),
      stage: { kind: 'ended', pod: 'probe-1', why: 'OOMKilled (exit code 137)' },
    },
    {
      title: 'a pod that was evicted',
      pod: { metadata, status: { phase: 'Failed', reason: 'Evicted', message: 'low on memory' } },
      stage: { kind: 'ended', pod: 'probe-1', why: 'Evicted: low on memory' },
    },
  ] as const;
  for (const { title, pod, stage } of cases)
    it(`tells ${title}`, () => {
      assert.deepEqual(podStage(pod), stage);
    });
});

describe('jobFailure', () => {
  it('says why a Job has failed, and nothing of one that has not', () => {
    const failed = { type: 'Failed', status: 'True', reason: 'DeadlineExceeded', message: 'late' };

    assert.equal(jobFailure({ status: { conditions: [failed] } }), 'DeadlineExceeded: late');
    assert.equal(
      jobFailure({ status: { conditions: [{ ...failed, status: 'False' }] } }),
      undefined,
    );
    assert.equal(jobFailure({}), undefined);
  });
});
