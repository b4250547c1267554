import assert from 'node:assert/strict';

import { mostRows } from '../../../../../receivers/shared/mesh/tally-limits.ts';
import {
  tallyReport,
  type TallyReport,
} from '../../../../../receivers/shared/mesh/tally-report.ts';
import {
  afterOf,
  tallyText,
  type TallyHead,
} from '../../../../../receivers/rtt-pinger/core/tally-text.ts';
import { createTally, type Tally } from '../../../../../receivers/rtt-pinger/core/tally.ts';
import {
  wantedOf,
  type Peer,
  type Wanted,
} from '../../../../../receivers/rtt-pinger/core/target.ts';
import { peer } from '../peers.ts';
import { lost, ok } from '../samples.ts';

const beginMs = 1_000_000 * 5000;
const firstNumber = 1_000_000;

const target = (name: string, more: Partial<Peer> = {}): Wanted =>
  wantedOf(peer(name, '192.0.2.1', { zone: 'a', ...more }), 'icmp', 0);

const head: TallyHead = {
  protocol: 'icmp',
  source: { node: 'here', zone: 'a', rack: '', namespace: '', pod: '' },
  full: false,
  intervalMs: 1000,
  convicted: [],
};

function report(of: Tally, more: Partial<TallyHead> = {}, after = -1): TallyReport {
  const text = [...tallyText({ ...head, ...more }, of.after(after))].join('');
  return tallyReport.parse(JSON.parse(text));
}

describe('createTally', () => {
  let nowMs: number;
  let tally: Tally;
  const [one, two] = [target('one'), target('two')];
  beforeEach(() => {
    nowMs = beginMs;
    tally = createTally({ nowMs: () => nowMs });
    tally.follow([one, two]);
  });

  it('counts what each destination was sent, lost and took, by stretches of 5 s of the wall clock', () => {
    tally.add(ok(one, 3), true);
    tally.add(lost(one), false);
    nowMs += 4999;
    tally.add(ok(one, 1), true);
    tally.add(ok(two, 2), true);
    nowMs += 1;
    tally.add(ok(two, 4), true);
    nowMs += 5000;

    const { destinations, stretches } = report(tally);
    assert.deepEqual(
      destinations.map(({ node }) => node),
      ['one', 'two'],
    );
    assert.deepEqual(stretches, [
      {
        number: firstNumber,
        rows: [
          [0, 3, 1, 2, 0.004, 0.001, 0.003, 0.001],
          [1, 1, 0, 1, 0.002, 0.002, 0.002, 0.002],
        ],
      },
      { number: firstNumber + 1, rows: [[1, 1, 0, 1, 0.004, 0.004, 0.004, 0.004]] },
    ]);
  });

  for (const reason of ['clock_stepped', 'no_buffer', 'not_permitted', 'no_address'] as const)
    it(`counts ${reason} neither as sent nor as lost: it is no fault of the network`, () => {
      tally.add({ kind: 'failed', target: { ...one, gone: false }, reason, late: false }, false);
      tally.add(ok(one, 1), true);
      nowMs += 5000;

      assert.deepEqual(report(tally).stretches[0]?.rows[0]?.slice(1, 3), [1, 0]);
    });

  it('tells a success whose time is not sound as sent, without a time', () => {
    tally.add(ok(one, 3), false);
    nowMs += 5000;

    assert.deepEqual(report(tally).stretches[0]?.rows, [[0, 1, 0, 0, 0, null, null, null]]);
  });

  it('does not tell a stretch before it is over, nor one that was asked for already', () => {
    tally.add(ok(one, 1), true);
    assert.deepEqual(report(tally).stretches, []);

    nowMs += 5000;
    tally.add(ok(one, 1), true);
    nowMs += 5000;

    const numbers = (after: number): number[] =>
      report(tally, {}, after).stretches.map(({ number }) => number);
    assert.deepEqual(numbers(-1), [firstNumber, firstNumber + 1]);
    assert.deepEqual(numbers(firstNumber), [firstNumber + 1]);
    assert.deepEqual(numbers(firstNumber), [firstNumber + 1]);
    assert.deepEqual(numbers(firstNumber + 1), []);
  });

  it('keeps 13 stretches, also where nothing more comes', () => {
    for (let stretch = 0; stretch < 20; stretch++) {
      tally.add(ok(one, 1), true);
      nowMs += 5000;
    }
    const numbers = tally.after(-1).map(({ number }) => number);

    assert.equal(numbers.length, 13);
    assert.equal(numbers.at(-1), firstNumber + 19);

    nowMs += 12 * 5000;

    assert.deepEqual(
      tally.after(-1).map(({ number }) => number),
      [firstNumber + 19],
    );
  });

  it('takes all addresses of a peer for one destination, counts IPv4 alone of both families, and leaves out peers without node and pod', () => {
    const four = target('new');
    const six = target('new', { id: 'node/new/2', address: '2001:db8::1' });
    const sixAlone = target('six', { address: '2001:db8::2' });
    const unknown = target('192.0.2.9', { id: 'endpoint/192.0.2.9', node: '' });
    const pod = target('web-0', {
      id: 'pod/shop/web-0',
      node: 'one',
      namespace: 'shop',
      pod: 'web-0',
    });
    const all = [four, six, sixAlone, unknown, pod];
    tally.follow(all);
    for (const each of all) tally.add(ok(each, 1), true);
    // No route to it.
    tally.add(lost(six), false);
    nowMs += 5000;

    const { destinations, stretches } = report(tally);
    assert.deepEqual(
      destinations.map(({ node, pod: name }) => [node, name]),
      [
        ['new', ''],
        ['six', ''],
        ['one', 'web-0'],
      ],
    );
    assert.deepEqual(
      stretches[0]?.rows.map(([, sent, failed]) => [sent, failed]),
      [
        [1, 0],
        [1, 0],
        [1, 0],
      ],
    );
  });

  it('still names who has gone in the stretches that are over, and tells a peer that moved apart', () => {
    tally.add(ok(one, 1), true);
    tally.add(ok(two, 1), true);
    nowMs += 5000;
    const moved = target('two', { zone: 'b' });
    tally.follow([moved]);
    tally.add(ok(one, 1), true);
    tally.add(ok(moved, 1), true);
    nowMs += 5000;

    const { destinations, stretches } = report(tally);
    const named = stretches.map(({ rows }) =>
      rows.map(([place]) => `${destinations[place]?.node} in ${destinations[place]?.zone}`),
    );
    assert.deepEqual(named, [['one in a', 'two in a'], ['two in b']]);
  });

  it('goes on with a stretch where the clock steps back a little, and begins anew where it steps far', () => {
    nowMs += 5000;
    tally.add(ok(one, 1), true);
    nowMs -= 5000;
    tally.add(ok(one, 1), true);
    nowMs += 10_000;

    assert.deepEqual(
      report(tally).stretches.map(({ number, rows }) => [number, rows[0]?.[1]]),
      [[firstNumber + 1, 2]],
    );

    nowMs -= 3_600_000;
    tally.add(ok(one, 1), true);
    nowMs += 5000;

    assert.deepEqual(
      report(tally).stretches.map(({ number }) => number),
      [firstNumber + 2 - 720],
    );
  });

  it('counts anew where a clock that was set back far comes to the same number again', () => {
    tally.add(ok(one, 1), true);
    tally.add(ok(two, 1), true);
    nowMs -= 3_600_000;
    tally.add(ok(one, 1), true);
    nowMs += 3_600_000;
    tally.add(ok(two, 2), true);
    nowMs += 5000;

    const { destinations, stretches } = report(tally);
    assert.deepEqual(
      stretches.map(({ number, rows }) => [number, rows.map(([to, sent]) => [to, sent])]),
      [[firstNumber, [[0, 1]]]],
    );
    assert.equal(destinations[0]?.node, 'two');
  });

  it('breaks off a report that takes so long that a stretch is gone before its turn', () => {
    tally.add(ok(one, 1), true);
    nowMs += 5000;
    const begun = tallyText(head, tally.after(-1));
    begun.next();
    for (let stretch = 0; stretch < 15; stretch++) {
      tally.add(ok(two, 1), true);
      nowMs += 5000;
    }

    assert.throws(() => [...begun], new RegExp(`stretch ${firstNumber} is gone`));
  });

  it('names the convicted by place, also those without probes of late', () => {
    tally.add(ok(one, 1), true);
    nowMs += 5000;
    const convicted = [tally.placeOf(two.key)].filter((place) => place !== undefined);
    const told = report(tally, { convicted });

    assert.deepEqual(
      told.convicted.map((place) => told.destinations[place]?.node),
      ['two'],
    );
  });

  it('tells of a destination where it is, and nothing else that is known of it', () => {
    tally.add(ok(one, 1), true);
    nowMs += 5000;
    const { destinations } = JSON.parse([...tallyText(head, tally.after(-1))].join('')) as {
      destinations: object[];
    };

    assert.deepEqual(destinations, [{ node: 'one', zone: 'a', rack: '', namespace: '', pod: '' }]);
  });

  it('makes no report that is too large, and tells the rest in the next', function () {
    this.timeout(20_000);
    const many = (from: number): Wanted[] =>
      Array.from({ length: 12_000 }, (_, index) => target(`node-${from + index}`));
    for (const from of [0, 12_000]) {
      const targets = many(from);
      tally.follow(targets);
      for (const each of targets) tally.add(lost(each), false);
      nowMs += 5000;
    }
    const first = report(tally);

    assert.deepEqual([first.stretches.length, first.destinations.length], [1, 12_000]);
    assert.equal(report(tally, {}, first.stretches[0]?.number).stretches.length, 1);

    const tooMany = Array.from({ length: mostRows + 1 }, (_, index) => target(`n-${index}`));
    tally.follow(tooMany);
    for (const each of tooMany) tally.add(lost(each), false);
    nowMs += 5000;

    assert.equal(report(tally, {}, firstNumber + 1).stretches[0]?.rows.length, mostRows);
  });
});

describe('afterOf', () => {
  for (const [query, after] of [
    ['', -1],
    ['after=0', 0],
    ['after=352000123', 352_000_123],
  ] as const)
    it(`takes ${query === '' ? 'nothing' : query}`, () => {
      assert.deepEqual(afterOf(new URLSearchParams(query)), { kind: 'ok', after });
    });

  for (const query of ['after=', 'after=-1', 'after=1.5', 'after=x', `after=${'9'.repeat(16)}`])
    it(`refuses ${query}`, () => {
      const answer = afterOf(new URLSearchParams(query));

      assert.equal(answer.kind, 'invalid');
      assert.match(answer.problem, /^after: expected the number of a stretch, got ".*"$/);
    });
});
