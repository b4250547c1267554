import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import {
  createResultLog,
  judge,
  maxListed,
  phaseStatistics,
  probeResult,
  type PhaseResult,
  type ProbeReport,
  type ProbeResult,
} from '../../../../receivers/pod-prober/report.ts';
import { formatReport } from '../../../../receivers/pod-prober/report-text.ts';
import { phasesOf } from '../../../../receivers/pod-prober/record-phases.ts';
import { record, write } from './samples.ts';

function phase(seconds: number | null): PhaseResult {
  return {
    phase: 'wait',
    outcome: seconds === null ? 'failed' : 'ok',
    seconds,
    startSource: 'request',
    source: 'watch',
    uncertaintySeconds: 0,
    reason: seconds === null ? 'deadline' : null,
    clock: [],
  };
}

function result(...phases: PhaseResult[]): ProbeResult {
  return { ...probeResult(record(), []), phases };
}

describe('phaseStatistics', () => {
  it('counts only successes', () => {
    const results = [0.4, 0.1, null, 0.2, 0.3].map((seconds) => result(phase(seconds)));

    assert.deepEqual(phaseStatistics(results), [
      { phase: 'wait', count: 4, failed: 1, min: 0.1, median: 0.25, p95: 0.4, max: 0.4 },
    ]);
  });

  it('leaves out a phase that nobody completed', () => {
    assert.deepEqual(phaseStatistics([result(phase(null))]), []);
  });

  it('orders min, median, p95 and max, all within the values', () => {
    const values = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, (seconds) => {
        const [stats] = phaseStatistics(seconds.map((each) => result(phase(each))));
        assert.ok(stats !== undefined);
        const { min, median, p95, max } = stats;

        assert.equal(min, Math.min(...seconds));
        assert.equal(max, Math.max(...seconds));
        assert.ok(min <= median && median <= max && min <= p95 && p95 <= max);
        assert.ok(seconds.filter((each) => each <= p95).length >= 0.95 * seconds.length);
      }),
    );
  });
});

describe('judge', () => {
  const limits = [{ phase: 'wait', limitMs: 500 }] as const;

  it('keeps a limit that p95 reaches but does not pass', () => {
    assert.equal(judge(limits, phaseStatistics([result(phase(0.5))]))[0]?.kept, true);
  });

  it('exceeds a limit that p95 passes', () => {
    assert.equal(judge(limits, phaseStatistics([result(phase(0.501))]))[0]?.kept, false);
  });

  it('exceeds the limit of a phase that was never completed', () => {
    assert.deepEqual(judge(limits, []), [
      { phase: 'wait', limitSeconds: 0.5, p95: null, kept: false },
    ]);
  });
});

describe('createResultLog', () => {
  it('keeps the last results and counts the others', () => {
    const log = createResultLog();
    for (let n = 0; n < maxListed + 5; n++) log.add(result());

    assert.equal(log.results().length, maxListed);
    assert.equal(log.notListed(), 5);
    assert.deepEqual(log.outcomes(), { ok: maxListed + 5, failed: 0 });
  });
});

describe('formatReport', () => {
  function report(
    probes: readonly ProbeResult[],
    failOver: ProbeReport['failOver'] = [],
    changes: Partial<ProbeReport> = {},
  ): string {
    const requests = { get: 0, list: 2, watch: 2, create: 1, patch: 1, delete: 1 };
    return formatReport({
      namespace: 'probes',
      server: 'https://127.0.0.1',
      traceJoin: 'native',
      probes,
      probesNotListed: 0,
      asked: probes.length,
      interrupted: false,
      outcomes: { ok: probes.length, failed: 0 },
      phases: phaseStatistics(probes),
      failOver,
      swept: 0,
      api: { requests, sentBytes: 1, receivedBytes: 1 },
      telemetry: {
        exporting: true,
        spans: { ended: 9, delivered: 0, dropped: 9 },
        metrics: { delivered: 0, dropped: 1 },
        problems: ['connect ECONNREFUSED'],
      },
      exitCode: 0,
      ...changes,
    });
  }

  it('shows the phases of one probe with their uncertainty and clock', () => {
    const whole = record();
    const text = report([probeResult(whole, phasesOf(whole, new Map()))]);

    assert.match(
      text,
      /^pod probes\/probe-0123456789abcdef on worker\ntrace 0af7651916cd43dd8448eb211c80319c\n/,
    );
    assert.match(text, /^start +\S+ \S+ +\+\/- .+event$/m);
  });

  it('shows the statistics of several probes', () => {
    const text = report([result(phase(0.25)), result(phase(1.5)), result(phase(null))]);

    assert.match(text, /^phase +count +failed +min +median +p95 +max$/m);
    assert.match(text, /^wait +2 +1 +250\.0 ms +875\.0 ms +1\.500 s +1\.500 s$/m);
  });

  it('says that a run was cut short', () => {
    const text = report([result(), result()], [], { asked: 20, interrupted: true });

    assert.match(text, /^interrupted: 2 of 20 probes were run$/m);
  });

  it('says that statistics are not over all probes', () => {
    const changes = { probesNotListed: 5, outcomes: { ok: 7, failed: 0 } };
    const text = report([result(), result()], [], changes);

    assert.match(text, /^phases and limits are over the last 2 of 7 probes$/m);
  });

  it('names failures, limits and telemetry that was not delivered', () => {
    const failure = { reason: 'quota', message: 'no room' } as const;
    const refused = record({ create: write({ failure }), update: null, cleanup: null });
    const kept = [{ phase: 'wait', limitSeconds: 1, p95: null, kept: false }] as const;
    const text = report([probeResult(refused, phasesOf(refused, new Map()))], kept);

    assert.match(text, /^failed: probe-0123456789abcdef: quota: no room \(trace 0af7/m);
    assert.match(text, /^fail-over: wait not measured, limit 1\.000 s: failed$/m);
    assert.match(text, /^telemetry: 9 of 9 spans not delivered: connect ECONNREFUSED$/m);
  });
});
