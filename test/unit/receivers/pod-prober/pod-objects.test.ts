import assert from 'node:assert/strict';

import { eventClockNs, podNote, podState } from '../../../../receivers/pod-prober/pod-objects.ts';
import { isStarted, startedSecondNs } from '../../../../receivers/pod-prober/pod-state.ts';
import { parseTimeNs } from '../../../../receivers/shared/rfc3339.ts';

describe('eventClockNs', () => {
  const clockNs = 1_795_253_214_930_416_600n;
  const hex = clockNs.toString(16);

  it("reads the nanoseconds in a kubelet's Event name", () => {
    const event = {
      metadata: { name: `p.${hex}` },
      firstTimestamp: '2026-11-21T09:26:54Z',
      eventTime: null,
    };

    assert.equal(eventClockNs(event), clockNs);
  });

  it('prefers the name to microseconds that agree with it', () => {
    const event = { metadata: { name: `p.${hex}` }, eventTime: '2026-11-21T09:26:54.930416Z' };

    assert.equal(eventClockNs(event), clockNs);
  });

  it('does not believe a name that disagrees with the time', () => {
    const event = { metadata: { name: `p.${hex}` }, eventTime: '2026-11-21T09:30:00.000001Z' };

    assert.equal(eventClockNs(event), parseTimeNs('2026-11-21T09:30:00.000001Z'));
  });

  it('is null where only whole seconds are told', () => {
    assert.equal(
      eventClockNs({ metadata: { name: 'p.x' }, firstTimestamp: '2026-11-21T09:26:54Z' }),
      null,
    );
  });
});

describe('podNote', () => {
  it('names the clock of a kubelet after its node and finds the container', () => {
    const note = podNote({
      metadata: { uid: 'e-1', name: 'p.1' },
      involvedObject: { name: 'p', fieldPath: 'spec.containers{probe}' },
      reason: 'Started',
      reportingComponent: 'kubelet',
      reportingInstance: 'worker',
    });

    assert.deepEqual([note.clockId, note.container, note.podName], ['node:worker', 'probe', 'p']);
  });

  it('names any other clock after its component and instance', () => {
    const note = podNote({ reportingComponent: 'default-scheduler', reportingInstance: 'host' });

    assert.equal(note.clockId, 'default-scheduler@host');
  });
});

describe('podState', () => {
  it('reads a running pod', () => {
    const state = podState({
      metadata: { name: 'p', uid: 'u', resourceVersion: '7', labels: { a: 'b' } },
      spec: { nodeName: 'worker', containers: [{ name: 'probe' }] },
      status: {
        phase: 'Running',
        podIP: '10.0.0.9',
        conditions: [
          { type: 'Ready', status: 'True', lastTransitionTime: '1970-01-01T00:00:02Z' },
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no room' },
        ],
        containerStatuses: [
          { name: 'probe', state: { running: { startedAt: '1970-01-01T00:00:01Z' } } },
        ],
      },
    });

    assert.deepEqual(state.ready?.changedNs, 2_000_000_000n);
    assert.deepEqual(state.scheduled?.reason, 'Unschedulable');
    assert.deepEqual(state.containers, [
      { name: 'probe', state: { kind: 'running', startedNs: 1_000_000_000n } },
    ]);
    assert.deepEqual([state.node, state.address, state.version], ['worker', '10.0.0.9', '7']);
  });

  for (const { reason, startedAt } of [
    { reason: 'StartError', startedAt: '1970-01-01T00:00:00Z' },
    { reason: 'StartError', startedAt: '2026-11-21T09:26:54Z' },
    { reason: 'Error', startedAt: '1970-01-01T00:00:00Z' },
    { reason: 'ContainerCannotRun', startedAt: null },
  ]) {
    it(`knows that a container never started that tells ${reason} and ${startedAt}`, () => {
      const terminated = { exitCode: 128, reason, startedAt };
      const state = podState({
        spec: { containers: [{ name: 'probe' }] },
        status: { containerStatuses: [{ name: 'probe', state: { terminated } }] },
      });

      assert.equal(isStarted(state), false);
      assert.equal(startedSecondNs(state), null);
    });
  }

  it('reads an object without any field', () => {
    assert.equal(podState({}).phase, 'Unknown');
  });
});
