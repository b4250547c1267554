import assert from 'node:assert/strict';

import { hopeless, lateBecause, refusalOf } from '../../../../receivers/pod-prober/failure.ts';
import type { PodState } from '../../../../receivers/pod-prober/pod-state.ts';
import { at, factsOf, note, pod, waiting, wholeLife } from './samples.ts';

const factsWith = (changes: Partial<PodState>): ReturnType<typeof factsOf> =>
  factsOf([{ kind: 'pod', pod: pod(changes), arrivalNs: at(1) }]);

const terminated = [
  {
    name: 'probe',
    state: { kind: 'terminated', exitCode: 3, reason: 'Error', startedNs: at(0) } as const,
  },
];

describe('hopeless', () => {
  const cases: readonly [string, Partial<PodState>, string | undefined][] = [
    ['an image whose name is none', { containers: waiting('InvalidImageName') }, 'image_pull'],
    ['an image that may not be pulled', { containers: waiting('ErrImageNeverPull') }, 'image_pull'],
    [
      'an image that could not be pulled yet',
      { containers: waiting('ImagePullBackOff') },
      undefined,
    ],
    ['a container that ended', { containers: terminated }, 'crash'],
    ['a failed pod', { phase: 'Failed' }, 'crash'],
    ['an evicted pod', { phase: 'Failed', reason: 'Evicted' }, 'evicted'],
    ['a pod that its node refused', { phase: 'Failed', reason: 'OutOfcpu' }, 'evicted'],
    [
      'a pod at the end of its own deadline',
      { phase: 'Failed', reason: 'DeadlineExceeded' },
      'deadline',
    ],
    ['a pod that is being deleted', { deleting: true }, 'deleted'],
    ['a pod that is starting', { containers: waiting('ContainerCreating') }, undefined],
  ];
  for (const [what, changes, reason] of cases) {
    it(`says ${reason ?? 'nothing'} of ${what}`, () => {
      assert.equal(hopeless(factsWith(changes))?.reason, reason);
    });
  }

  it('names the exit code of a container that ended', () => {
    assert.match(
      hopeless(factsWith({ containers: terminated }))?.message ?? '',
      /ended with 3 \(Error\)/,
    );
  });

  it('says deleted of a pod that is gone', () => {
    assert.equal(hopeless(factsOf(wholeLife()))?.reason, 'deleted');
  });
});

describe('lateBecause', () => {
  it('names an image that could not be pulled, with the words of the kubelet', () => {
    const facts = factsWith({
      node: 'worker',
      containers: waiting('ErrImagePull', 'no such host'),
    });
    const { reason, message } = lateBecause(facts, '5m');

    assert.equal(reason, 'image_pull');
    assert.match(message, /^not Ready within 5m: container probe: ErrImagePull: no such host$/);
  });

  it('names what the scheduler said of a pod that fits nowhere', () => {
    const scheduled = {
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes',
      changedNs: null,
    } as const;
    const { reason, message } = lateBecause(factsWith({ scheduled }), '5m');

    assert.equal(reason, 'unschedulable');
    assert.match(message, /0\/3 nodes/);
  });

  it('names a sandbox that could not be made by its Event', () => {
    const facts = factsOf([
      { kind: 'pod', pod: pod({ node: 'worker' }), arrivalNs: at(1) },
      {
        kind: 'note',
        note: note({ reason: 'FailedCreatePodSandBox', message: 'cni' }),
        arrivalNs: at(2),
      },
    ]);

    assert.deepEqual(lateBecause(facts, '1m'), {
      reason: 'sandbox',
      message: 'not Ready within 1m: FailedCreatePodSandBox: cni',
    });
  });

  it('calls it a deadline where nothing else is known', () => {
    const reasons = [
      factsOf([]),
      factsWith({}),
      factsWith({ node: 'worker', address: '10.0.0.1' }),
    ].map((facts) => lateBecause(facts, '1m').reason);

    assert.deepEqual(reasons, ['deadline', 'deadline', 'deadline']);
  });
});

describe('refusalOf', () => {
  const cases: readonly [number, string, string][] = [
    [403, 'pods "p" is forbidden: exceeded quota: q, requested: pods=1', 'quota'],
    [403, 'pods "p" is forbidden: violates PodSecurity "restricted:latest"', 'admission'],
    [400, 'admission webhook "w" denied the request: no', 'admission'],
    [403, 'pods "p" is forbidden: error looking up service account a/b', 'admission'],
    [403, 'pods is forbidden: User "u" cannot create resource "pods"', 'api_error'],
    [422, 'Pod "p" is invalid: spec.containers[0].image: Required value', 'api_error'],
    [500, 'etcdserver: request timed out', 'api_error'],
  ];
  for (const [status, message, reason] of cases) {
    it(`calls ${status} '${message.slice(0, 40)}...' ${reason}`, () => {
      assert.equal(refusalOf(status, message).reason, reason);
    });
  }
});
