import assert from 'node:assert/strict';
import fc from 'fast-check';

import { createElection, type LeaseRecord } from '../../../../operator/leader/election.ts';

const record = (holder: string, version: string): LeaseRecord => ({
  holder,
  version,
  durationMs: 15_000,
  transitions: 0,
});

describe('an election', () => {
  it('makes the lease where there is none, and takes one that was given away', () => {
    const { step } = createElection('me');

    assert.equal(step(undefined, 0).kind, 'create');
    assert.equal(step(record('', '1'), 0).kind, 'take');
  });

  it('renews its own lease', () => {
    assert.equal(createElection('me').step(record('me', '1'), 0).kind, 'renew');
  });

  it('waits while another one renews, and takes the lease when it was not for its duration', () => {
    const { step } = createElection('me');
    const kinds = [
      step(record('other', '1'), 0),
      step(record('other', '1'), 14_999),
      step(record('other', '2'), 15_000),
      step(record('other', '2'), 29_999),
      step(record('other', '2'), 30_000),
    ].map(({ kind }) => kind);

    assert.deepEqual(kinds, ['wait', 'wait', 'wait', 'wait', 'take']);
  });

  it('has one leader at a time, however replicas and their clocks behave, where each stops in time', () => {
    const action = fc.record({
      replica: fc.integer({ min: 0, max: 2 }),
      afterMs: fc.integer({ min: 0, max: 20_000 }),
      reaches: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        let stored: LeaseRecord | undefined;
        let version = 0;
        let nowMs = 0;
        // Their monotonic clocks have nothing to do with each other.
        const replicas = [0, 5e6, 77].map((offsetMs, index) => ({
          name: `r${index}`,
          offsetMs,
          election: createElection(`r${index}`),
          leadsUntilMs: -1,
        }));
        for (const { replica, afterMs, reaches } of actions) {
          nowMs += afterMs;
          const each = replicas[replica]!;
          if (!reaches) continue;
          const { kind } = each.election.step(stored, nowMs + each.offsetMs);
          if (kind === 'wait') continue;
          stored = record(each.name, String(++version));
          each.leadsUntilMs = nowMs + 10_000;
          const leaders = replicas.filter(({ leadsUntilMs }) => leadsUntilMs > nowMs);
          assert.deepEqual(
            leaders.map(({ name }) => name),
            [each.name],
          );
        }
      }),
    );
  });
});
