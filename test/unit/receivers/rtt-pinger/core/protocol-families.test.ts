import assert from 'node:assert/strict';

import { createBook } from '../../../../../receivers/rtt-pinger/core/book.ts';
import {
  protocolFamilies,
  protocolMetrics,
} from '../../../../../receivers/rtt-pinger/core/protocol-families.ts';
import type { Answered } from '../../../../../receivers/rtt-pinger/core/sample.ts';
import type { SeriesPlan } from '../../../../../receivers/rtt-pinger/core/series-budget.ts';
import { wantedOf, type Protocol } from '../../../../../receivers/rtt-pinger/core/target.ts';
import type { ExponentialHistogram } from '../../../../../receivers/shared/metrics/exponential-histogram.ts';
import type { Labels, Point } from '../../../../../receivers/shared/metrics/families.ts';
import { peer } from '../peers.ts';

const byPair: SeriesPlan = { pairs: true, seeds: false, level: { by: 'zone' }, single: 0 };
const methodOf = (protocol: Protocol) => ({ method: protocol, stamps: 'user' });
const origin = { node: 'here', zone: 'a', rack: '', methodOf };

/** Labels and values of a metric after two samples, the second of which is not sound. */
function points(
  protocol: Protocol,
  name: string,
  { plan = byPair, ...more }: Partial<Answered> & { readonly plan?: SeriesPlan },
): readonly (readonly [Labels, number])[] {
  const target = {
    ...wantedOf(peer('worker', '192.0.2.1', { zone: 'b' }), protocol, 1),
    gone: false,
  };
  const book = createBook({ nowMs: () => 0 });
  book.follow([target], plan);
  const sample = { kind: 'ok', target, rttNs: 3e6, late: false, ...more } as const;
  book.add(sample, true);
  book.add({ ...sample, late: true }, false);
  const family = protocolFamilies(book, origin).find((each) => each.name === name);
  return Array.from<Point<number | ExponentialHistogram>, readonly [Labels, number]>(
    family?.points ?? [],
    ({ labels, value }) => [labels, typeof value === 'number' ? value : value.sum * value.count],
  );
}

describe('phases of HTTP', () => {
  const { name } = protocolMetrics.httpDuration;
  const phases = { connectNs: 1e6, firstByteNs: 2e6 };

  it('are told of a pair, where the time is sound', () => {
    assert.deepEqual(
      points('http', name, { phases }).map(([labels, value]) => [
        labels['destination.node'],
        labels['phase'],
        value,
      ]),
      [
        ['worker', 'connect', 0.001],
        ['worker', 'first_byte', 0.002],
      ],
    );
  });

  it('are told of a zone where pairs have no series', () => {
    assert.deepEqual(
      points('http', name, { phases, plan: { ...byPair, pairs: false } }).map(([labels, value]) => [
        labels['destination.node'] ?? labels['destination.zone'],
        labels['phase'],
        value,
      ]),
      [
        ['b', 'connect', 0.001],
        ['b', 'first_byte', 0.002],
      ],
    );
  });

  it('have no connect on a connection that was there', () => {
    const told = points('http', name, { phases: { ...phases, connectNs: null } });

    assert.deepEqual(
      told.map(([labels]) => labels['phase']),
      ['first_byte'],
    );
  });

  it('are those of HTTP alone', () => {
    assert.deepEqual(points('icmp', name, {}), []);
  });
});

describe('steps of the clocks', () => {
  it('are told of a pair by UDP', () => {
    const oneWay = { outNs: 1, backNs: 1, session: 1, responderSaw: 1, sentSoFar: 1 };
    const told = points('udp', protocolMetrics.clockSteps.name, { oneWay });

    assert.deepEqual(
      told.map(([labels, value]) => [labels['destination.node'], value]),
      [['worker', 0]],
    );
  });
});
