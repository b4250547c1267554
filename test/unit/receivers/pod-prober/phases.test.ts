import assert from 'node:assert/strict';

import type { Boundaries, Boundary } from '../../../../receivers/pod-prober/boundaries.ts';
import { startPhases } from '../../../../receivers/pod-prober/phases.ts';
import { phasesOf } from '../../../../receivers/pod-prober/record-phases.ts';
import { at, factsOf, pod, record, wholeLife, write } from './samples.ts';

function boundary(ms: number, source: Boundary['source'], slackMs = 0): Boundary {
  const common = { source, correctedNs: 0n, rejectedNs: null };
  return { atNs: at(ms), loNs: at(ms - slackMs), hiNs: at(ms), ...common };
}

const good: Boundaries = {
  created: boundary(5, 'request', 5),
  scheduled: boundary(20, 'event'),
  started: boundary(500, 'event'),
  ready: boundary(600, 'watch', 10),
};
const reached = { stoppedNs: at(600), failure: null, readySeenNs: at(600) };
const packet = {
  startNs: at(590),
  endNs: at(593),
  attempts: 2,
  gapNs: 2_000_000n,
  transport: 'tcp',
  address: '10.0.0.9',
  port: 8080,
  answer: 'refused',
  failure: null,
} as const;
const failure = { reason: 'image_pull', message: 'no such image' } as const;

describe('startPhases', () => {
  it('cuts the wait into phases that follow each other', () => {
    const phases = startPhases(good, reached);

    assert.deepEqual(
      phases.map(({ phase, seconds }) => [phase, seconds]),
      [
        ['schedule', 0.015],
        ['start', 0.48],
        ['ready', 0.1],
        ['wait', 0.595],
      ],
    );
  });

  it('adds up what is uncertain about both ends', () => {
    const [schedule] = startPhases(good, reached);

    assert.equal(schedule?.uncertaintySeconds, 0.005);
    assert.equal(schedule.source, 'event');
    assert.equal(schedule.startSource, 'request');
  });

  it('moves an upper bound down to the clock of what follows', () => {
    const late = { ...good, scheduled: boundary(510, 'watch', 400) };
    const [schedule, start] = startPhases(late, reached);

    assert.equal(schedule?.endNs, at(500));
    assert.equal(start?.seconds, 0);
  });

  it('says of both phases at a moved bound by how much it was moved', () => {
    const late = { ...good, scheduled: boundary(510, 'watch', 400) };
    const [schedule, start, ready] = startPhases(late, reached);

    assert.deepEqual(schedule?.notes, [{ kind: 'end_moved', seconds: 0.01 }]);
    assert.deepEqual(start?.notes, [{ kind: 'start_moved', seconds: 0.01 }]);
    assert.deepEqual(ready?.notes, []);
  });

  it('says of the wait that its start was moved', () => {
    const early = { ...good, scheduled: boundary(3, 'event') };
    const wait = startPhases(early, reached).find(({ phase }) => phase === 'wait');

    assert.equal(wait?.startNs, at(3));
    assert.deepEqual(wait.notes, [{ kind: 'start_moved', seconds: 0.002 }]);
  });

  it('reports a negative phase as such, without a latency', () => {
    const crossed = { ...good, scheduled: boundary(520, 'event') };
    const start = startPhases(crossed, reached).find(({ phase }) => phase === 'start');

    assert.equal(start?.seconds, null);
    assert.equal(start.failure, null);
    assert.deepEqual(start.notes, [{ kind: 'negative', seconds: -0.02 }]);
  });

  it('fails the phase that the pod was in and the wait, and knows no later ones', () => {
    const stopped = { stoppedNs: at(900), failure, readySeenNs: undefined };
    const { created, scheduled } = good;
    const phases = startPhases(
      { ...(created && { created }), ...(scheduled && { scheduled }) },
      stopped,
    );

    assert.deepEqual(
      phases.map((each) => [each.phase, each.seconds, each.failure?.reason ?? null]),
      [
        ['schedule', 0.015, null],
        ['start', null, 'image_pull'],
        ['wait', null, 'image_pull'],
      ],
    );
    assert.equal(phases[1]?.endNs, at(900));
  });

  it('says how far an Event clock was off that was not used', () => {
    const scheduled = { ...boundary(24, 'watch'), rejectedNs: 4_000_000n };
    const [schedule] = startPhases({ ...good, scheduled }, reached);

    assert.deepEqual(schedule?.notes, [{ kind: 'event_rejected', seconds: 0.004 }]);
  });
});

describe('phasesOf', () => {
  it('gives every phase of a probe that went well, ordered and inside the root', () => {
    const whole = record();
    const phases = phasesOf(whole, new Map());

    assert.deepEqual(
      phases.map(({ phase }) => phase),
      ['create', 'schedule', 'start', 'ready', 'wait', 'update', 'cleanup'],
    );
    for (const { phase, startNs, endNs } of phases) {
      assert.ok(whole.startNs <= startNs && startNs <= endNs && endNs <= whole.endNs, phase);
    }
  });

  it('has nothing after a create that was refused', () => {
    const refused = write({ status: 403, failure: { reason: 'quota', message: 'no room' } });
    const nothing = { facts: factsOf([]), update: null, cleanup: null, cleanedNs: null };
    const phases = phasesOf(record({ create: refused, ...nothing }), new Map());

    assert.deepEqual(
      phases.map((each) => [each.phase, each.seconds, each.failure?.reason]),
      [['create', null, 'quota']],
    );
  });

  it('does not count what a pod did after its wait had failed', () => {
    const late = record({ waitFailure: failure, waitedNs: at(100), update: null });
    const phases = phasesOf(late, new Map());

    assert.deepEqual(
      phases.map((each) => [each.phase, each.failure?.reason ?? null]),
      [
        ['create', null],
        ['schedule', null],
        ['start', 'image_pull'],
        ['wait', 'image_pull'],
        ['cleanup', null],
      ],
    );
  });

  it('gives no latency to a deletion that was not seen to end', () => {
    const stuck = write({ sentNs: at(630), failure: { reason: 'deadline', message: 'not gone' } });
    const heard = wholeLife().filter((each) => each.kind !== 'gone');
    const phases = phasesOf(record({ facts: factsOf(heard), cleanup: stuck }), new Map());
    const cleanup = phases.at(-1);

    assert.deepEqual([cleanup?.phase, cleanup?.seconds], ['cleanup', null]);
  });

  it('gives no latency to a deletion that found the pod gone', () => {
    const facts = factsOf([
      { kind: 'pod', pod: pod(), arrivalNs: at(6) },
      { kind: 'gone', pod: undefined, arrivalNs: at(500) },
    ]);
    const missing = { reason: 'deleted', message: 'gone' } as const;
    const cleanup = write({ sentNs: at(630), answeredNs: at(638), status: 404 });
    const phases = phasesOf(
      record({ facts, waitFailure: missing, update: null, cleanup }),
      new Map(),
    );

    assert.deepEqual(
      [phases.at(-1)?.phase, phases.at(-1)?.seconds, phases.at(-1)?.failure?.reason],
      ['cleanup', null, 'deleted'],
    );
  });

  it('gives no latency to a deletion after a create that made no pod', () => {
    const create = write({ status: 500, failure: { reason: 'api_error', message: 'broken' } });
    const cleanup = write({ sentNs: at(630), answeredNs: at(638), status: 404 });
    const phases = phasesOf(
      record({ create, facts: factsOf([]), update: null, cleanup }),
      new Map(),
    );

    assert.deepEqual(
      phases.map((each) => [each.phase, each.seconds, each.failure?.reason]),
      [
        ['create', null, 'api_error'],
        ['cleanup', null, 'api_error'],
      ],
    );
  });

  it('gives no latency to the first packet of a pod that did not become Ready', () => {
    const phases = phasesOf(
      record({ firstPacket: packet, waitFailure: failure, waitedNs: at(600), update: null }),
      new Map(),
    );
    const answered = phases.find((each) => each.phase === 'first-packet');

    assert.deepEqual([answered?.startNs, answered?.endNs], [at(590), at(593)]);
    assert.equal(answered?.seconds, null);
    assert.equal(answered.failure?.reason, 'image_pull');
    assert.match(answered.failure.message, /^answered \(refused\), but .*: no such image$/);
  });

  it('measures the first packet from the moment the address was known', () => {
    const phases = phasesOf(record({ firstPacket: packet }), new Map());
    const answered = phases.find((each) => each.phase === 'first-packet');

    assert.equal(answered?.seconds, 0.003);
    assert.equal(answered.uncertaintySeconds, 0.002);
  });

  it('knows a pod by its creation alone where the watch showed nothing', () => {
    const facts = factsOf([{ kind: 'pod', pod: pod(), arrivalNs: at(6) }]);
    const lost = record({
      facts,
      waitFailure: { reason: 'deadline', message: 'late' },
      waitedNs: at(50),
    });
    const schedule = phasesOf(lost, new Map()).find((each) => each.phase === 'schedule');

    assert.equal(schedule?.failure?.reason, 'deadline');
  });
});
