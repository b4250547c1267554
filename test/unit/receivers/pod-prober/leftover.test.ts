import assert from 'node:assert/strict';

import { isOver, leftover, type Leftover } from '../../../../receivers/pod-prober/leftover.ts';
import { formatOwner, parseOwner, type Owner } from '../../../../receivers/pod-prober/owner.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');
const minute = 60_000;

function pod(changes: Partial<Leftover> = {}): Leftover {
  return {
    name: 'probe-0123456789abcdef',
    uid: 'uid-1',
    owner: { kind: 'unknown' },
    deadlineMs: null,
    createdMs: nowMs - minute,
    deleting: false,
    ...changes,
  };
}

describe('isOver', () => {
  const past = pod({ deadlineMs: nowMs - 2 * minute });
  const cases: readonly [string, Leftover, 'alive' | 'gone' | 'unknown', boolean][] = [
    [
      'its owner is gone, although its time is not up',
      pod({ deadlineMs: nowMs + minute }),
      'gone',
      true,
    ],
    ['its owner lives, although its time is up', past, 'alive', false],
    [
      'its owner lives, yet its time was up long ago',
      pod({ deadlineMs: nowMs - 6 * minute }),
      'alive',
      true,
    ],
    ['its owner lives and it has no deadline', pod({ createdMs: 0 }), 'alive', false],
    ['nobody can tell and its time is up', past, 'unknown', true],
    [
      'nobody can tell and its time was up just now',
      pod({ deadlineMs: nowMs - 1000 }),
      'unknown',
      false,
    ],
    ['nobody can tell and its time is not up', pod({ deadlineMs: nowMs + 1 }), 'unknown', false],
    ['it has no deadline and is young', pod({ createdMs: nowMs - 5 * minute }), 'unknown', false],
    ['it has no deadline and is old', pod({ createdMs: nowMs - 7 * minute }), 'unknown', true],
    ['it has neither deadline nor age', pod({ createdMs: null }), 'unknown', false],
    ['it is being deleted already', pod({ deleting: true }), 'gone', false],
  ];
  for (const [when, leftBehind, owner, expected] of cases) {
    it(`is ${expected} when ${when}`, () => {
      assert.equal(isOver(leftBehind, owner, nowMs), expected);
    });
  }
});

describe('leftover', () => {
  it('reads owner and deadline from the annotations', () => {
    const annotations = {
      'kube-latency/owner': 'pod/ns/prober-1/uid-9',
      'kube-latency/deadline': '2026-11-21T12:00:00.000Z',
    };
    const read = leftover({ metadata: { name: 'probe-0123456789abcdef', uid: 'u', annotations } });

    assert.deepEqual(read?.owner, { kind: 'pod', namespace: 'ns', name: 'prober-1', uid: 'uid-9' });
    assert.equal(read.deadlineMs, nowMs);
  });

  it('leaves a pod alone that only shares the label', () => {
    assert.equal(leftover({ metadata: { name: 'probe-api', uid: 'u' } }), null);
  });
});

describe('parseOwner', () => {
  const self = { bootId: 'b-1', pidNamespace: '4026531836', pid: 1, startTicks: '12345' };
  const owners: readonly Owner[] = [
    { kind: 'pod', namespace: 'ns', name: 'prober-1', uid: 'uid-9', process: self },
    { kind: 'pod', namespace: 'ns', name: 'prober-1', uid: 'uid-9' },
    { kind: 'process', bootId: 'b-1', pidNamespace: '4026531836', pid: 77, startTicks: '12345' },
    { kind: 'unknown' },
  ];
  for (const owner of owners) {
    it(`reads back ${formatOwner(owner)}`, () => {
      assert.deepEqual(parseOwner(formatOwner(owner)), owner);
    });
  }

  for (const text of [
    undefined,
    '',
    'pod/a/b',
    'pod//b/c',
    'pod/a/b/c/boot/ns/x/1',
    'process/a/b/x/1',
    'process/a/b/-1/1',
    'me',
  ]) {
    it(`knows no owner in '${text}'`, () => {
      assert.deepEqual(parseOwner(text), { kind: 'unknown' });
    });
  }
});
