import assert from 'node:assert/strict';

import { createBook } from '../../../../../receivers/rtt-pinger/core/book.ts';
import {
  leastSeries,
  planSeries,
  type SeriesRules,
} from '../../../../../receivers/rtt-pinger/core/series-budget.ts';
import {
  protocols,
  wantedOf,
  type Protocol,
  type Wanted,
} from '../../../../../receivers/rtt-pinger/core/target.ts';
import { familyText } from '../../../../../receivers/shared/metrics/exposition.ts';
import { prometheusText } from '../../../../../receivers/shared/metrics/text-format.ts';
import { readmeOf } from '../../../../support/readme.ts';
import { dataPoints, mostSeries } from '../../../../support/most-series.ts';
import { peer } from '../peers.ts';

const rules: SeriesRules = { series: 200, maxPairs: 200, ownZone: 'zone-0' };

interface Mesh {
  readonly peers: number;
  readonly zones?: number;
  readonly racks?: number;
  readonly of?: readonly Protocol[];
}

function targets({ peers, zones = 1, racks = 0, of = ['icmp'] }: Mesh): Wanted[] {
  return Array.from({ length: peers }, (_, index) => {
    const rack = racks === 0 ? '' : `rack-${Math.floor(index / zones) % racks}`;
    const one = peer(`node-${index}`, '192.0.2.1', { zone: `zone-${index % zones}`, rack });
    return of.map((protocol) => wantedOf(one, protocol, 0));
  }).flat();
}

/** What the pinger tells when all that can go wrong did, to every target. */
function dataPointsOf(all: readonly Wanted[], series: number): Record<string, unknown>[] {
  return dataPoints(mostSeries(all, { ...rules, series })) as Record<string, unknown>[];
}

describe('planSeries', () => {
  for (const [title, mesh, pairs, by] of [
    ['a few pairs', { peers: 23 }, true, 'rack'],
    ['one pair too many', { peers: 24 }, false, 'rack'],
    ['fewer pairs by UDP', { peers: 12, of: ['udp'] }, true, 'rack'],
    ['one too many by UDP', { peers: 13, of: ['udp'] }, false, 'rack'],
    ['racks of the own zone', { peers: 1000, zones: 3, racks: 20 }, false, 'rack'],
    ['more racks than fit', { peers: 1000, zones: 3, racks: 40 }, false, 'zone'],
    ['as many zones as fit', { peers: 1000, zones: 23 }, false, 'rack'],
    ['more zones than fit', { peers: 1000, zones: 24 }, false, 'protocol'],
  ] as const satisfies readonly (readonly [string, Mesh, boolean, string])[])
    it(`tells ${pairs ? 'pairs' : `rollups by ${by}`} for ${title}`, () => {
      const plan = planSeries(targets(mesh), rules);

      assert.equal(plan.pairs, pairs);
      if (!pairs) assert.equal(plan.level.by, by);
    });

  for (const mesh of [
    { peers: 23 },
    { peers: 12, of: ['udp'] },
    { peers: 19, of: ['http'] },
    { peers: 500, zones: 7, of: ['http'] },
    { peers: 500, zones: 7, racks: 9 },
    { peers: 500, zones: 23 },
    { peers: 500, zones: 100 },
    { peers: 500, zones: 5, of: protocols },
  ] as const satisfies readonly Mesh[])
    it(`keeps ${JSON.stringify(mesh)} within the budget whatever goes wrong, and uses it`, () => {
      for (const series of [leastSeries, 200, 1000]) {
        const points = dataPointsOf(targets(mesh), series);

        assert.ok(points.length <= series, `${points.length} of ${series}`);
      }
      const least = 'zones' in mesh && mesh.zones === 100 ? 15 : 180;
      assert.ok(dataPointsOf(targets(mesh), 200).length >= least);
    });

  it('is as many series where they are scraped as the README says', () => {
    const scraped = ([...of]: readonly Protocol[], most: number): number => {
      const counts = Array.from({ length: most }, (_, index) => {
        const families = mostSeries(targets({ peers: index + 1, of }), rules);
        const text = families.flatMap((family) => [...familyText(family, prometheusText)]).join('');
        return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
      });
      return Math.max(...counts);
    };
    const { text } = readmeOf('rtt-pinger');
    const [, most, byHttp] =
      /the default of 200\s+is then at most ([\d,]+), and ([\d,]+) by HTTP/.exec(text) ?? [];

    const number = (told = ''): number => Number(told.replace(',', ''));
    assert.equal(
      Math.max(...(['icmp', 'tcp', 'udp'] as const).map((each) => scraped([each], 40))),
      number(most),
    );
    assert.equal(scraped(['http'], 40), number(byHttp));
  });

  it('needs what the smallest budget allows, for all protocols together', () => {
    assert.ok(
      dataPointsOf(targets({ peers: 9, of: protocols }), leastSeries).length <= leastSeries,
    );
  });

  it('leaves room for single pairs beside the rollups', () => {
    assert.equal(planSeries(targets({ peers: 1000, zones: 3 }), rules).single, 20);
    assert.equal(planSeries(targets({ peers: 1000, zones: 23 }), rules).single, 0);
  });

  it('tells the series of the seeds by the number of peers alone, whatever they are probed by', () => {
    assert.equal(planSeries(targets({ peers: 200 }), rules).seeds, true);
    assert.equal(planSeries(targets({ peers: 201 }), rules).seeds, false);
    assert.equal(planSeries(targets({ peers: 201 }), { ...rules, series: 1e6 }).seeds, false);
    assert.equal(planSeries(targets({ peers: 200, of: ['icmp', 'http'] }), rules).seeds, true);
  });

  it('gives 10,000 pairs series of their own where the budget says so', () => {
    const many = targets({ peers: 10_000 });

    assert.equal(planSeries(many, { ...rules, series: 100_000 }).pairs, true);
  });
});

describe('rollups by rack', () => {
  const own = { by: 'rack', ownZone: 'zone-0' } as const;
  const plan = { pairs: false, seeds: false, level: own, single: 0 };

  it('tell the racks of the own zone apart, and of the other zones the zone alone', () => {
    const book = createBook({ nowMs: () => 0 });
    const all = targets({ peers: 12, zones: 2, racks: 3 });
    book.follow(all, plan);

    assert.deepEqual(
      [...book.rollups()].map(({ zone, rack }) => [zone, rack]),
      [
        ['zone-0', 'rack-0'],
        ['zone-1', undefined],
        ['zone-0', 'rack-1'],
        ['zone-0', 'rack-2'],
      ],
    );
  });

  it('say from which rack to which', () => {
    const points = dataPointsOf(targets({ peers: 100, zones: 2, racks: 3 }), 200);
    const ofDuration = points
      .filter(({ name }) => name === 'kube_latency.rtt.duration')
      .map(({ labels }) => labels as Record<string, string>)
      .filter((labels) => labels['destination.node'] === undefined);

    assert.deepEqual(
      ofDuration.map((labels) => [labels['destination.zone'], labels['destination.rack']]),
      [
        ['zone-0', 'rack-0'],
        ['zone-1', undefined],
        ['zone-0', 'rack-1'],
        ['zone-0', 'rack-2'],
      ],
    );
    assert.deepEqual([...new Set(ofDuration.map((labels) => labels['source.rack']))], ['rack-0']);
  });

  it('end with the last target in them', () => {
    const book = createBook({ nowMs: () => 0 });
    book.follow(targets({ peers: 12, zones: 4 }), plan);
    book.follow(targets({ peers: 3, zones: 4 }), plan);

    assert.equal([...book.rollups()].length, 3);
  });
});
