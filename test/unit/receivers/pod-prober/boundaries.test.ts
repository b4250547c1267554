import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import {
  assumePromptDelivery,
  boundariesOf,
  offsetsOf,
  promptNsOf,
  type Boundaries,
} from '../../../../receivers/pod-prober/boundaries.ts';
import { unknownOffset } from '../../../../receivers/pod-prober/clock-offset.ts';
import type { Heard } from '../../../../receivers/pod-prober/facts.ts';
import {
  at,
  epochNs,
  factsOf,
  msNs,
  note,
  pod,
  running,
  secondNs,
  truth,
  wholeLife,
} from './samples.ts';

const creation = { sentNs: at(0), answeredNs: at(5) };

function fuse(heard: readonly Heard[], deleteSentNs: bigint | null = at(630)): Boundaries {
  const facts = factsOf(heard);
  const offsets = offsetsOf(facts, { creation, deleteSentNs }, () => unknownOffset);
  return boundariesOf(facts, creation, assumePromptDelivery(offsets, promptNsOf(facts, creation)));
}

const without = (...reasons: string[]): Heard[] =>
  wholeLife().filter((each) => each.kind !== 'note' || !reasons.includes(each.note.reason));

describe('boundariesOf', () => {
  it('takes Event clocks where they keep to their bounds', () => {
    const { created, scheduled, started, ready } = fuse(wholeLife());

    assert.deepEqual([created?.atNs, created?.source], [at(5), 'request']);
    assert.deepEqual([scheduled?.atNs, scheduled?.source], [at(20), 'event']);
    assert.deepEqual([started?.atNs, started?.source], [at(500), 'event']);
    assert.deepEqual([ready?.atNs, ready?.source], [at(600), 'watch']);
  });

  it('is the same in whatever order things were heard', () => {
    const expected = fuse(wholeLife());
    fc.assert(
      fc.property(fc.shuffledSubarray(wholeLife(), { minLength: wholeLife().length }), (order) => {
        assert.deepEqual(fuse(order), expected);
      }),
    );
  });

  it('falls back on the watch where Events are missing, and says so', () => {
    const { scheduled, started } = fuse(without('Scheduled', 'Pulled', 'Started', 'Killing'));

    assert.deepEqual([scheduled?.atNs, scheduled?.source], [at(24), 'watch']);
    assert.deepEqual([started?.atNs, started?.source], [at(600), 'watch']);
  });

  it('does not use the Event of one container for a pod that has two', () => {
    const two = { containerNames: ['probe', 'sidecar'] };
    const heard = wholeLife().map((each): Heard =>
      each.kind === 'pod' ? { ...each, pod: { ...each.pod, ...two } } : each,
    );

    assert.notEqual(fuse(heard).started?.source, 'event');
  });

  it('takes a condition where the watch was later than its second allows', () => {
    const changed = epochNs - (epochNs % secondNs);
    const heard = wholeLife().map((each): Heard =>
      each.kind === 'pod' && each.pod.version === '3'
        ? { ...each, pod: { ...each.pod, ready: truth(changed) }, arrivalNs: at(2000) }
        : each,
    );
    const late = heard.filter((each) => each.kind !== 'pod' || each.pod.version !== '4');
    const { started, ready } = fuse(late);

    assert.equal(ready?.source, 'condition');
    assert.ok(ready.atNs > (started?.atNs ?? 0n) && ready.atNs <= changed + secondNs);
  });

  it('refuses an Event clock after its effect was seen, and tells by how much', () => {
    const heard: Heard[] = [
      ...without('Scheduled'),
      { kind: 'note', note: note({ reason: 'Scheduled', clockNs: at(28) }), arrivalNs: at(31) },
    ];
    const { scheduled } = fuse(heard);

    assert.equal(scheduled?.source, 'watch');
    assert.equal(scheduled.atNs, at(24));
    assert.equal(scheduled.rejectedNs, 4n * msNs);
  });

  it('corrects a node clock that is certainly ahead, and tells by how much', () => {
    const heard = wholeLife().map((each): Heard =>
      each.kind === 'note' && each.note.clockId === 'node:worker'
        ? { ...each, note: { ...each.note, clockNs: (each.note.clockNs ?? 0n) + 200n * msNs } }
        : each,
    );
    const { started } = fuse(heard);

    assert.equal(started?.source, 'event');
    assert.ok(started.correctedNs > 190n * msNs && started.correctedNs < 215n * msNs);
    assert.ok(started.atNs > at(485) && started.atNs < at(515));
  });

  it('does not use the clock of an Event whose readings contradict each other', () => {
    const heard: Heard[] = [
      ...without('Pulled'),
      { kind: 'note', note: note({ reason: 'Pulled', clockNs: at(90_000) }), arrivalNs: at(306) },
    ];

    assert.equal(fuse(heard).started?.source, 'watch');
  });

  it('knows nothing of a pod that nobody answered for or saw', () => {
    assert.deepEqual(boundariesOf(factsOf([]), { sentNs: at(0), answeredNs: null }, new Map()), {});
  });
});

describe('boundariesOf under clock skew', () => {
  const lag = fc.integer({ min: 1, max: 20 });
  const skew = fc.integer({ min: -200, max: 200 });
  const life = fc.record({
    answer: fc.integer({ min: 4, max: 20 }),
    bind: fc.integer({ min: 5, max: 60 }),
    pull: fc.integer({ min: 50, max: 400 }),
    start: fc.integer({ min: 10, max: 300 }),
    ready: fc.integer({ min: 5, max: 1500 }),
    kill: fc.integer({ min: 3, max: 60 }),
    lags: fc.array(lag, { minLength: 12, maxLength: 12 }),
    schedulerSkew: skew,
    nodeSkew: skew,
    eventsLost: fc.boolean(),
  });

  it('holds the true moments between its bounds, and never before the create was sent', () => {
    fc.assert(
      fc.property(life, (sample) => {
        const lags = [...sample.lags];
        const later = (ms: number): bigint => at(ms + (lags.pop() ?? 1));
        const created = sample.answer / 2;
        const scheduled = created + sample.bind;
        const pulled = scheduled + sample.pull;
        const started = pulled + sample.start;
        const ready = started + sample.ready;
        const deleteSent = ready + 40;
        const nodeSecond = (ms: number): bigint => {
          const shown = at(ms + sample.nodeSkew);
          return shown - (shown % secondNs);
        };
        const bound = { node: 'worker', scheduled: truth(), version: '2' };
        const up = { ...bound, containers: running(nodeSecond(started)), version: '3' };
        const told = (reason: string, ms: number): Heard => {
          const skewMs = reason === 'Scheduled' ? sample.schedulerSkew : sample.nodeSkew;
          return {
            kind: 'note',
            note: note({ reason, clockNs: at(ms + skewMs) }),
            arrivalNs: later(ms),
          };
        };
        const notes = [
          told('Scheduled', scheduled),
          told('Pulled', pulled),
          told('Started', started),
          told('Killing', deleteSent + sample.kill),
        ];
        const heard: Heard[] = [
          { kind: 'pod', pod: pod(), arrivalNs: later(created) },
          { kind: 'pod', pod: pod(bound), arrivalNs: later(scheduled) },
          {
            kind: 'pod',
            pod: pod({ ...up, ready: truth(nodeSecond(ready)) }),
            arrivalNs: later(ready),
          },
          ...(sample.eventsLost ? [] : notes),
        ];
        const facts = factsOf(heard);
        const about = { sentNs: at(0), answeredNs: at(sample.answer) };
        const offsets = offsetsOf(
          facts,
          { creation: about, deleteSentNs: at(deleteSent) },
          () => unknownOffset,
        );
        const found = boundariesOf(facts, about, offsets);

        for (const [name, ms] of Object.entries({ created, scheduled, started })) {
          const boundary = found[name as keyof Boundaries];
          assert.ok(boundary !== undefined, name);
          assert.ok(boundary.loNs <= boundary.atNs && boundary.atNs <= boundary.hiNs, name);
          assert.ok(boundary.atNs >= at(0), name);
          const inside = boundary.loNs <= at(ms) && at(ms) <= boundary.hiNs;
          // Promptness of the watch is assumed for the binding: it holds but for extreme lags.
          assert.ok(inside || (name === 'scheduled' && boundary.source === 'watch'), name);
        }
      }),
      { numRuns: 500 },
    );
  });
});
