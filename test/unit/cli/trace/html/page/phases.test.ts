import assert from 'node:assert/strict';
import fc from 'fast-check';
import { placePhases, textPx } from '../../../../../../cli/trace/html/page/phase-lanes.ts';
import { phasesOf } from '../../../../../../cli/trace/html/page/phases.ts';
import { span } from '../../spans.ts';
import { modelOf } from '../rows.ts';

const probe = modelOf([
  span(1, null, [0, 9000], { name: 'prober.main' }),
  span(2, 1, [0, 6], { name: 'prober.create-pod' }),
  span(3, 2, [1, 5], { name: 'POST', service: 'apiserver' }),
  span(4, 1, [8, 8000], { name: 'prober.wait-for-pod' }),
  span(5, 4, [8, 16], { name: 'pod.schedule' }),
  span(6, 4, [16, 8000], { name: 'pod.start' }),
  span(7, 6, [20, 30], { name: 'pod.container#app' }),
  span(8, 1, [8000, 9000], { name: 'prober.cleanup' }),
]);

describe('phasesOf', () => {
  it('has the phases below the root and the parts of them, in order', () => {
    assert.deepEqual(
      phasesOf(probe).map(({ name, level }) => `${level} ${name}`),
      ['0 create-pod', '0 wait-for-pod', '1 schedule', '1 start', '0 cleanup'],
    );
  });

  it('has those of an observed pod too', () => {
    const observed = modelOf([
      span(1, null, [0, 90], { name: 'pod.start-up', service: 'correlator' }),
      span(2, 1, [0, 10], { name: 'pod.schedule', service: 'correlator' }),
      span(3, 2, [2, 8], { name: 'POST', service: 'apiserver' }),
    ]);

    assert.deepEqual(
      phasesOf(observed).map(({ name }) => name),
      ['schedule'],
    );
  });

  it('is empty for a trace that is not the life of a pod', () => {
    const other = modelOf([
      span(1, null, [0, 90], { name: 'GET /cart', service: 'shop' }),
      span(2, 1, [0, 10], { name: 'query', service: 'shop' }),
    ]);

    assert.deepEqual(phasesOf(other), []);
  });

  it('is empty where the root is missing', () => {
    assert.deepEqual(phasesOf(modelOf([span(2, 1, [0, 6], { name: 'prober.create-pod' })])), []);
  });
});

describe('placePhases', () => {
  const phases = phasesOf(probe);
  const labelOf = ({ name }: { readonly name: string }) => name;
  const lanes = (widthPx: number, window = { fromNs: 0, toNs: 9e6 }) =>
    placePhases(phases, labelOf, window, widthPx).map(
      ({ phase, lane, label }) => `${lane} ${phase.name} ${label}`,
    );

  it('puts labels beside what is too short for them, and parts below their phase', () => {
    assert.deepEqual(lanes(1000), [
      '0 create-pod right',
      '1 wait-for-pod inside',
      '2 schedule right',
      '3 start inside',
      '0 cleanup inside',
    ]);
  });

  it('puts a label before the window where it has no room in it', () => {
    assert.deepEqual(lanes(60), [
      '0 create-pod left',
      '1 wait-for-pod left',
      '2 schedule left',
      '3 start inside',
      '4 cleanup left',
    ]);
  });

  it('leaves out what is not in the window', () => {
    assert.deepEqual(lanes(1000, { fromNs: 8.5e6, toNs: 9e6 }), ['0 cleanup inside']);
  });

  it('lets no segment and no label cover another', () => {
    const times = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(times, fc.integer({ min: 100, max: 2000 }), (given, widthPx) => {
        const some = phasesOf(
          modelOf([
            span(1, null, [0, 2000], { name: 'prober.main' }),
            ...given.map(([from, lasting], index) =>
              span(index + 2, 1, [from, from + lasting], { name: `prober.${index}` }),
            ),
          ]),
        );
        const placed = placePhases(some, labelOf, { fromNs: 0, toNs: 2e6 }, widthPx);
        assert.equal(placed.length, given.length);
        const taken = placed.map(({ phase, lane, from, to, label }) => ({
          lane,
          from: from * widthPx - (label === 'left' ? textPx(phase.name) : 0),
          to: to * widthPx + (label === 'right' ? textPx(phase.name) : 0),
        }));
        const clashes = taken.filter((one, index) =>
          taken
            .slice(0, index)
            .some((other) => other.lane === one.lane && one.from < other.to && other.from < one.to),
        );
        assert.deepEqual(clashes, []);
      }),
    );
  });
});
