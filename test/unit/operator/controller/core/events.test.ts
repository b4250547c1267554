import assert from 'node:assert/strict';

import { eventOf } from '../../../../../operator/controller/core/events.ts';
import type { Condition } from '../../../../../operator/network-prober.ts';
import { prober } from '../made.ts';

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const condition = (type: string, status: Condition['status'], reason: string): Condition => ({
  type,
  status,
  reason,
  message: `why ${reason}`,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});
const event = (before: Condition | undefined, now: Condition) =>
  eventOf({ prober: prober(), before, now }, { instance: 'operator-1' }, nowMs);

describe('the event of a condition', () => {
  it('is a warning about the NetworkProber where something is not as it should be', () => {
    const { metadata, ...rest } =
      event(undefined, condition('Degraded', 'True', 'NameTaken')) ?? {};

    assert.equal(metadata?.namespace, 'a');
    assert.deepEqual(rest, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      eventTime: '2026-01-02T03:04:05.678000Z',
      reportingController: 'kube-latency/operator',
      reportingInstance: 'operator-1',
      action: 'Reconciling',
      reason: 'NameTaken',
      regarding: {
        apiVersion: 'probes.bigmikes.io/v1alpha1',
        kind: 'NetworkProber',
        name: 'mesh',
        namespace: 'a',
        uid: 'uid-a-mesh',
      },
      note: 'why NameTaken',
      type: 'Warning',
    });
  });

  it('is normal where it is as it should be again', () => {
    const good = event(
      condition('Degraded', 'True', 'X'),
      condition('Degraded', 'False', 'AsAsked'),
    );
    const ready = event(undefined, condition('Ready', 'True', 'Measuring'));

    assert.deepEqual([good?.reason, good?.type], ['NotDegraded', 'Normal']);
    assert.deepEqual([ready?.reason, ready?.type], ['Ready', 'Normal']);
  });

  it('is none where it begins as it should be, or nobody knows', () => {
    assert.equal(event(undefined, condition('Degraded', 'False', 'AsAsked')), undefined);
    assert.equal(event(undefined, condition('ImagePulled', 'Unknown', 'Pulling')), undefined);
  });

  it('has the name of the same one before, and another one for another reason', () => {
    const names = ['A', 'A', 'B'].map(
      (reason) => event(undefined, condition('Degraded', 'True', reason))?.metadata.name,
    );

    assert.equal(names[0], names[1]);
    assert.notEqual(names[0], names[2]);
  });
});
