import assert from 'node:assert/strict';

import type { Condition } from '../../../../../operator/network-prober.ts';
import { plan } from '../../../../../operator/controller/core/plan.ts';
import type { PodFacts } from '../../../../../operator/controller/core/pod-facts.ts';
import {
  mostMissed,
  mostPods,
  statusOf,
  statusOfInvalid,
  timed,
  type Progress,
} from '../../../../../operator/controller/core/status.ts';
import { namespaces, pod, prober, surroundings, without } from '../made.ts';

const done: Progress = {
  pending: [],
  foreign: [],
  failed: [],
  image: undefined,
  injecting: undefined,
};

function statusAt(pods: readonly PodFacts[], progress: Partial<Progress> = {}, spec = {}) {
  const selections = [{ prober: prober({ spec }), pods }];
  const [first] = plan({
    selections,
    namespaces,
    surroundings: surroundings(selections.map((each) => each.prober)),
  });
  assert.ok(first);
  const status = statusOf(first, { ...done, ...progress });
  const said = (type: string) => {
    const found = status.conditions.find((each) => each.type === type);
    return `${found?.status} ${found?.reason}: ${found?.message}`;
  };
  return { ...status, ready: said('Ready'), degraded: said('Degraded') };
}

const many = (count: number, changed: Partial<PodFacts> = {}) =>
  Array.from({ length: count }, (_, index) => pod({ name: `web-${index}`, ...changed }));

describe('the status of a NetworkProber', () => {
  it('is ready where all lists are there, and not degraded where all is as it was asked for', () => {
    const { ready, degraded, pods } = statusAt(many(2));

    assert.equal(ready, 'True Measuring: 2 pods of 2 measured');
    assert.equal(degraded, 'False AsAsked: all is as it was asked for');
    assert.deepEqual(pods, ['a/web-0', 'a/web-1']);
  });

  it('is ready without pods, and says so', () => {
    assert.equal(statusAt([]).ready, 'True NoPods: the selectors match no pod');
  });

  it('is not ready while a list was never made', () => {
    const { ready, degraded } = statusAt(many(1), { pending: ['ConfigMap a/mesh'] });

    assert.equal(ready, 'False Pending: not made yet: ConfigMap a/mesh');
    assert.match(degraded, /^False/);
  });

  it('tells all that is wrong, the worst as the reason', () => {
    const image = {
      type: 'ImagePulled',
      status: 'False',
      reason: 'Failed',
      message: 'no image',
    } as const;
    const pods = [...many(3), pod({ name: 'late', ...without() })];
    const { ready, degraded, conditions } = statusAt(
      pods,
      { foreign: ['theirs'], failed: ['refused'], image },
      { topology: { maxPeers: 2 } },
    );

    assert.equal(ready, 'False NameTaken: theirs');
    assert.equal(
      degraded,
      'True NameTaken: theirs; refused; no image; 1 pod without a sidecar: not-injected 1; those that may have one get it when they are created anew; each agent asks 2 of 3 pods, by topology.maxPeers',
    );
    assert.equal(conditions.length, 3);
  });

  it('tells whether new pods get a sidecar, and is degraded where that cannot be had', () => {
    const type = 'Injecting';
    const waits = { type, status: 'False', reason: 'Waiting', message: 'later' } as const;
    const fails = { ...waits, reason: 'NotRegistered', message: 'forbidden' };

    const waiting = statusAt(many(1), { injecting: waits });
    const failing = statusAt(many(1), { injecting: fails });

    assert.deepEqual(waiting.conditions.at(-1), waits);
    assert.match(waiting.degraded, /^False/);
    assert.equal(failing.degraded, 'True NotRegistered: no sidecars: forbidden');
  });

  it('counts pods that want no sidecar, and is not degraded by them', () => {
    const bare = without({ annotations: { 'netprober-container-deployed': 'true' } });
    const { missed, degraded } = statusAt([pod(bare), pod({ ...bare, namespace: 'kube-system' })]);

    assert.equal(missed, 2);
    assert.match(degraded, /^False/);
  });

  it('names so many pods and no more', () => {
    const { pods, measured } = statusAt(many(mostPods + 1));
    const { missedPods, missed } = statusAt(many(mostMissed + 1, without()));

    assert.deepEqual([pods.length, measured], [mostPods, mostPods + 1]);
    assert.deepEqual([missedPods.length, missed], [mostMissed, mostMissed + 1]);
  });

  it('tells the problems of an object that cannot be read', () => {
    const { spec: _, ...identity } = prober();
    const { conditions } = statusOfInvalid({
      ...identity,
      kind: 'invalid',
      problems: 'spec.x: wrong',
    });

    assert.deepEqual(
      conditions.map(({ type, status, reason, message }) => [type, status, reason, message]),
      [
        ['Ready', 'False', 'Invalid', 'spec.x: wrong'],
        ['Degraded', 'True', 'Invalid', 'spec.x: wrong'],
      ],
    );
  });
});

describe('conditions', () => {
  const before: Condition[] = [
    {
      type: 'Ready',
      status: 'True',
      reason: 'Old',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ];
  const now = { now: '2026-01-05T00:00:00Z', generation: 7 };

  it('keep their time while their status is the same, whatever the reason', () => {
    const [condition] = timed(
      [{ type: 'Ready', status: 'True', reason: 'New', message: 'm' }],
      before,
      now,
    );

    assert.equal(condition?.lastTransitionTime, '2026-01-01T00:00:00Z');
    assert.equal(condition?.observedGeneration, 7);
  });

  it('have a new time where their status is another one, or there was none', () => {
    const changed = timed(
      [
        { type: 'Ready', status: 'False', reason: 'R', message: '' },
        { type: 'Degraded', status: 'True', reason: 'R', message: '' },
      ],
      before,
      now,
    );

    assert.deepEqual(
      changed.map(({ lastTransitionTime }) => lastTransitionTime),
      [now.now, now.now],
    );
  });
});
