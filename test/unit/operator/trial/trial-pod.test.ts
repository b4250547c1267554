import assert from 'node:assert/strict';

import { nodeFacts } from '../../../../operator/trial/node-facts.ts';
import { trialPod, trialPodObject } from '../../../../operator/trial/trial-pod.ts';

const object = trialPodObject({ image: 'agent:1', node: { name: 'n1', uid: 'u1' } }, 'own') as {
  metadata: object;
};
const state = (of: object, status: object = {}) =>
  trialPod({ ...object, status: { containerStatuses: [{ state: of }], ...status } })[0]?.state;

describe('the pod of a trial', () => {
  it('is read as it was made', () => {
    const [read] = trialPod(object);

    assert.deepEqual([read?.image, read?.nodeUid, read?.state.kind], ['agent:1', 'u1', 'waits']);
  });

  it('has a name of its image and node', () => {
    const name = (image: string, uid: string) =>
      trialPod(trialPodObject({ image, node: { name: 'n', uid } }, 'own'))[0]?.name;

    assert.equal(name('a', 'u'), name('a', 'u'));
    assert.notEqual(name('a', 'u'), name('b', 'u'));
    assert.notEqual(name('a', 'u'), name('a', 'v'));
  });

  for (const [what, given, expected] of [
    ['runs', { running: { startedAt: 'x' } }, { kind: 'runs' }],
    [
      'waits for its image',
      { waiting: { reason: 'ContainerCreating' } },
      { kind: 'waits', message: 'ContainerCreating' },
    ],
    [
      'cannot pull its image',
      { waiting: { reason: 'ImagePullBackOff', message: 'Back-off' } },
      { kind: 'failed', message: 'ImagePullBackOff: Back-off' },
    ],
    [
      'would run as root',
      { waiting: { reason: 'CreateContainerConfigError', message: 'runAsNonRoot' } },
      { kind: 'failed', message: 'CreateContainerConfigError: runAsNonRoot' },
    ],
    [
      'has ended',
      { terminated: { exitCode: 2, reason: 'Error' } },
      { kind: 'failed', message: 'Error: exit code 2' },
    ],
  ] as const)
    it(`is told where it ${what}`, () => assert.deepEqual(state(given), expected));

  for (const reason of ['OutOfpods', 'Evicted'])
    it(`is told where its node refused it: ${reason}`, () => {
      const [read] = trialPod({ ...object, status: { phase: 'Failed', reason } });

      assert.deepEqual(read?.state, { kind: 'refused' });
    });

  it('is no other pod, and none that is being deleted', () => {
    assert.deepEqual(trialPod({ metadata: { name: 'x' } }), []);
    const metadata = { ...object.metadata, deletionTimestamp: 'x' };
    assert.deepEqual(trialPod({ ...object, metadata }), []);
  });
});

describe('nodeFacts', () => {
  const ready = {
    metadata: { name: 'n1', uid: 'u1' },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };

  it('reads a node that takes pods', () => {
    assert.deepEqual(nodeFacts(ready), [{ name: 'n1', uid: 'u1' }]);
  });

  for (const [what, change] of Object.entries({
    'not ready': { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
    cordoned: { spec: { unschedulable: true } },
    'of Windows': { metadata: { ...ready.metadata, labels: { 'kubernetes.io/os': 'windows' } } },
    'being deleted': { metadata: { ...ready.metadata, deletionTimestamp: 'x' } },
  }))
    it(`leaves out one that is ${what}`, () =>
      assert.deepEqual(nodeFacts({ ...ready, ...change }), []));
});
