import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { maxSights } from '../../../../receivers/shared/kubernetes/pod-evidence.ts';
import { firstNote, seenBy } from '../../../../receivers/pod-prober/facts.ts';
import { at, factsOf, note, pod, truth, waiting, wholeLife } from './samples.ts';

describe('hear', () => {
  it('knows the same in whatever order it hears', () => {
    const expected = factsOf(wholeLife());
    fc.assert(
      fc.property(fc.shuffledSubarray(wholeLife(), { minLength: wholeLife().length }), (order) => {
        const facts = factsOf(order);

        assert.deepEqual(facts.sights, expected.sights);
        assert.deepEqual(facts.seconds, expected.seconds);
        assert.deepEqual(facts.pod, expected.pod);
        assert.deepEqual(facts.notes, expected.notes);
      }),
    );
  });

  it('keeps the first arrival of everything that the status says, in whatever order it hears', () => {
    const waits = [{ key: 'main/waiting', name: 'Container waiting', attributes: {} }];
    const runs = [{ key: 'main/running', name: 'Container running', attributes: {} }];
    const heard = [
      { kind: 'pod', pod: pod({ says: waits }), arrivalNs: at(1) } as const,
      { kind: 'pod', pod: pod({ says: waits, version: '2' }), arrivalNs: at(2) } as const,
      { kind: 'pod', pod: pod({ says: runs, version: '3' }), arrivalNs: at(3) } as const,
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(heard, { minLength: heard.length }), (order) => {
        const { said } = factsOf(order);

        assert.equal(said.size, 2);
        assert.equal(said.get('main/waiting')?.arrivalNs, at(1));
        assert.equal(said.get('main/running')?.arrivalNs, at(3));
      }),
    );
  });

  it('keeps a bounded number of things that the status says', () => {
    const heard = Array.from({ length: maxSights * 2 }, (_, index) => {
      const says = [{ key: `main/running/${index}`, name: 'Container running', attributes: {} }];
      return { kind: 'pod', pod: pod({ says }), arrivalNs: at(index) } as const;
    });

    assert.equal(factsOf(heard).said.size, maxSights);
  });

  it('knows nothing more when it hears everything twice', () => {
    assert.deepEqual(factsOf([...wholeLife(), ...wholeLife()]), factsOf(wholeLife()));
  });

  it('keeps the first arrival of each sight', () => {
    const { sights } = factsOf(wholeLife());

    assert.deepEqual(sights, {
      found: at(6),
      scheduled: at(24),
      address: at(600),
      started: at(600),
      ready: at(600),
      labelled: at(620),
      gone: at(1000),
    });
  });

  it('does not take a container for started that ended without having run', () => {
    const containers = [
      {
        name: 'probe',
        state: { kind: 'terminated', exitCode: 137, reason: 'Unknown', startedNs: null } as const,
      },
    ];
    const facts = factsOf([{ kind: 'pod', pod: pod({ containers }), arrivalNs: at(1) }]);

    assert.equal(facts.sights.started, undefined);
  });

  it('takes a pod for started only once every container is', () => {
    const containers = [...waiting('ContainerCreating'), ...(pod().containers ?? [])];
    const facts = factsOf([
      {
        kind: 'pod',
        pod: pod({ containerNames: ['probe', 'sidecar'], containers }),
        arrivalNs: at(1),
      },
    ]);

    assert.equal(facts.sights.started, undefined);
  });

  it('compares versions as numbers, so that the tenth is newer than the ninth', () => {
    const facts = factsOf([
      { kind: 'pod', pod: pod({ version: '10', phase: 'Running' }), arrivalNs: at(1) },
      { kind: 'pod', pod: pod({ version: '9', phase: 'Pending' }), arrivalNs: at(1) },
    ]);

    assert.equal(facts.pod?.phase, 'Running');
  });

  it('keeps a bounded number of Events', () => {
    const many = Array.from({ length: 500 }, (_, n) => ({
      kind: 'note' as const,
      note: note({ key: String(n) }),
      arrivalNs: at(n),
    }));

    assert.equal(factsOf(many).notes.size, 64);
  });
});

describe('firstNote', () => {
  it('finds the earliest by its own clock, of the container asked for', () => {
    const facts = factsOf([
      { kind: 'note', note: note({ key: 'b', clockNs: at(9) }), arrivalNs: at(10) },
      { kind: 'note', note: note({ key: 'a', clockNs: at(4) }), arrivalNs: at(20) },
      {
        kind: 'note',
        note: note({ key: 'c', clockNs: at(1), container: 'sidecar' }),
        arrivalNs: at(2),
      },
    ]);

    assert.equal(firstNote(facts, 'Started', 'probe')?.key, 'a');
    assert.equal(firstNote(facts, 'Started')?.key, 'c');
    assert.equal(firstNote(facts, 'Pulled'), undefined);
  });
});

describe('seenBy', () => {
  it('forgets the sights after a moment', () => {
    const facts = factsOf([
      { kind: 'pod', pod: pod(), arrivalNs: at(1) },
      { kind: 'pod', pod: pod({ version: '2', ready: truth() }), arrivalNs: at(9) },
    ]);

    assert.deepEqual(seenBy(facts, at(5)).sights, { found: at(1) });
  });
});
