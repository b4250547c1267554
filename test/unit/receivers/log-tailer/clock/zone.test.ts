import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  momentsOf,
  utc,
  zoneNamed,
  zoneNameIn,
} from '../../../../../receivers/log-tailer/clock/zone.ts';

function moments(zone: string, wall: string): string[] {
  const named = zoneNamed(zone);
  assert.ok(named);
  return momentsOf(named, Date.parse(`${wall}Z`)).map((ms) => new Date(ms).toISOString());
}

describe('momentsOf()', () => {
  it('gives one moment of an ordinary time', () => {
    assert.deepEqual(moments('Europe/Berlin', '2024-07-01T12:00:00'), ['2024-07-01T10:00:00.000Z']);
    assert.deepEqual(moments('Europe/Berlin', '2024-01-01T00:30:00'), ['2023-12-31T23:30:00.000Z']);
    assert.deepEqual(moments('Asia/Kathmandu', '2024-01-01T05:45:00'), [
      '2024-01-01T00:00:00.000Z',
    ]);
    assert.deepEqual(moments('-05:30', '2024-01-01T00:00:00'), ['2024-01-01T05:30:00.000Z']);
  });

  it('gives two moments of a time that was shown twice', () => {
    assert.deepEqual(moments('Europe/Berlin', '2024-10-27T02:30:00'), [
      '2024-10-27T00:30:00.000Z',
      '2024-10-27T01:30:00.000Z',
    ]);
  });

  it('gives one moment of a time that was left out', () => {
    assert.deepEqual(moments('Europe/Berlin', '2024-03-31T02:30:00'), ['2024-03-31T01:30:00.000Z']);
  });

  it('gives the moment that a clock showed, at any time of any zone', () => {
    const zone = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
    );
    const time = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(zone, time, (name, unixMs) => {
        const named = zoneNamed(name) ?? utc;
        assert.ok(momentsOf(named, unixMs + named.offsetMsAt(unixMs)).includes(unixMs));
      }),
      { numRuns: 500 },
    );
  });
});

describe('zoneNamed()', () => {
  it('knows no zone that there is not', () => {
    for (const name of ['Mars/Olympus', '', '+1', 'CEST-1x'])
      assert.equal(zoneNamed(name), undefined);
  });
});

describe('zoneNameIn()', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['../usr/share/zoneinfo/Europe/Berlin', 'Europe/Berlin'],
    ['/usr/share/zoneinfo/UTC', 'UTC'],
    ['/usr/share/zoneinfo/posix/America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['Etc/UTC\n', 'Etc/UTC'],
    ['/etc/other', undefined],
    ['', undefined],
  ];

  for (const [text, name] of cases)
    it(`finds ${name ?? 'none'} in ${JSON.stringify(text)}`, () => {
      assert.equal(zoneNameIn(text), name);
    });
});
