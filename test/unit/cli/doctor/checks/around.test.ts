import assert from 'node:assert/strict';
import { checkBackend } from '../../../../../cli/doctor/checks/backend.ts';
import { checkClocks } from '../../../../../cli/doctor/checks/clocks.ts';
import { checkCollectors } from '../../../../../cli/doctor/checks/collectors.ts';
import { hidden, seen, type CollectorFacts, type Seen } from '../../../../../cli/doctor/facts.ts';
import type { Offset } from '../../../../../receivers/pod-prober/clock-offset.ts';
import { facts, findingOf } from '../facts.ts';

const ms = 1_000_000n;

describe('checkClocks', () => {
  function nodeClock(offset: Seen<Offset>) {
    const clocks = { ...facts().clocks, nodes: new Map([['worker', offset]]) };
    return findingOf(checkClocks(facts({ clocks })), 'node');
  }

  const bounds = [
    { name: 'may agree', offset: { loNs: -300n * ms, hiNs: 400n * ms }, level: 'ok' },
    { name: 'differ visibly', offset: { loNs: 150n * ms, hiNs: 400n * ms }, level: 'warning' },
    { name: 'differ much', offset: { loNs: -9000n * ms, hiNs: -7000n * ms }, level: 'problem' },
    { name: 'have one bound alone', offset: { loNs: -300n * ms, hiNs: null }, level: 'unknown' },
    { name: 'have no bounds', offset: { loNs: null, hiNs: null }, level: 'unknown' },
    { name: 'were stepped', offset: { loNs: 2n * ms, hiNs: 1n * ms }, level: 'warning' },
  ];
  for (const { name, offset, level } of bounds) {
    it(`judges clocks that ${name}: ${level}`, () => {
      assert.equal(nodeClock(seen(offset)).level, level);
    });
  }

  it('states how uncertain it is', () => {
    const { found } = nodeClock(seen({ loNs: -7250n * ms, hiNs: 400n * ms }));

    assert.equal(found, 'from 7.25 s behind to 0.40 s ahead');
  });

  it('tells how far this machine is from the API server, not the other way round', () => {
    const apiServer = { loNs: 2000n * ms, hiNs: 3000n * ms };

    const finding = findingOf(
      checkClocks(facts({ clocks: { apiServer, nodes: new Map() } })),
      'this machine',
    );

    assert.equal(finding.found, 'from 3.00 s behind to 2.00 s behind');
    assert.equal(finding.level, 'problem');
  });

  it('does not know a clock that it may not ask', () => {
    assert.equal(nodeClock(hidden('nodes is forbidden')).level, 'unknown');
  });
});

describe('checkCollectors', () => {
  const counters = { refusedSpans: 0, failedSpans: new Map<string, number>(), queueShare: 0 };
  const part: CollectorFacts = {
    name: 'agent',
    node: 'worker',
    healthy: true,
    state: 'healthy',
    advice: 'see its log',
    version: '0.159.0',
    counters: seen(counters),
  };

  function judged(...changes: readonly Partial<CollectorFacts>[]) {
    return checkCollectors(
      facts({ collectors: seen(changes.map((each) => ({ ...part, ...each }))) }),
    );
  }

  it('finds one that is not healthy', () => {
    const state = '2 of 3 pods ready in namespace kube-latency';

    const [finding] = judged({ healthy: false, state });

    assert.equal(finding?.level, 'problem');
    assert.equal(finding?.found, `${state}, version 0.159.0`);
    assert.equal(finding?.fix, 'see its log');
  });

  it('counts what was lost on the road', () => {
    const failedSpans = new Map([['otlp_grpc/gateway', 7]]);

    const [finding] = judged({
      counters: seen({ refusedSpans: 3, failedSpans, queueShare: 0.91 }),
    });

    assert.equal(finding?.level, 'warning');
    assert.match(
      finding?.found ?? '',
      /3 spans refused, 7 spans not delivered by otlp_grpc\/gateway, a queue is 91 % full/,
    );
  });

  it('does not mind what the branch beside the road lost', () => {
    const failedSpans = new Map([['otlp_grpc/correlator', 7]]);

    assert.equal(judged({ counters: seen({ ...counters, failedSpans }) })[0]?.level, 'ok');
  });

  it('warns of two versions of one image, not of different images', () => {
    const images = new Map([
      ['otelcol', new Set(['0.1.0'])],
      ['kube-latency', new Set(['0.2.0', '0.1.0'])],
    ]);

    const findings = checkCollectors(facts({ images: seen(images) }));

    const found = findings.filter(({ check }) => check === 'versions').map((each) => each.found);
    assert.deepEqual(found, ['kube-latency: 0.1.0 and 0.2.0']);
  });

  it('finds a collector that is too old for its configuration', () => {
    const [old, recent] = [judged({ version: '0.153.0' }), judged({ version: '0.154.0' })];

    assert.equal(old[0]?.level, 'problem');
    assert.match(old[0]?.expected ?? '', /0\.154/);
    assert.equal(recent[0]?.level, 'ok');
  });

  it('asks nothing but health of what is no collector', () => {
    const [finding] = judged({ name: 'pod-prober', version: null, counters: null });

    assert.deepEqual([finding?.level, finding?.expected], ['ok', 'healthy']);
  });

  it('does not call well what it could not ask', () => {
    const [finding] = judged({ name: 'gateway', counters: hidden('it is forbidden') });

    assert.equal(finding?.level, 'unknown');
    assert.match(finding?.found ?? '', /what it loses cannot be seen: it is forbidden$/);
  });

  it('misses a gateway where there are agents', () => {
    const finding = findingOf(judged({}), 'gateway');

    assert.equal(finding.level, 'warning');
    assert.match(finding.fix ?? '', /GATEWAY_ENDPOINT/);
  });

  it('does not call a cluster without kube-latency faulty', () => {
    assert.equal(judged()[0]?.level, 'unknown');
  });
});

describe('checkBackend', () => {
  it('says how to name one', () => {
    const [finding] = checkBackend(facts({ arrivals: hidden('no backend is known') }));

    assert.equal(finding?.level, 'unknown');
    assert.match(finding?.fix ?? '', /--backend URL/);
  });
});
