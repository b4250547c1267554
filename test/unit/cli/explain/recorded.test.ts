import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Cause } from '../../../../cli/explain/cause.ts';
import { compare } from '../../../../cli/explain/comparison.ts';
import { explanationText } from '../../../../cli/explain/text.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../../../cli/terminal/glyphs.ts';
import { columns } from '../../../../cli/terminal/text.ts';
import { recordedTrace } from '../../../support/recorded-trace.ts';
import { explained } from './explained.ts';

interface Case {
  readonly trace: string;
  readonly cause: Cause;
  readonly subject: string;
  /** How long the pod was held up on purpose. */
  readonly seconds: number;
}

const cases: readonly Case[] = [
  { trace: 'readiness', cause: 'readiness', subject: 'web', seconds: 5 },
  { trace: 'network-plugin', cause: 'network-plugin', subject: 'kube-latency', seconds: 4 },
  { trace: 'init-container', cause: 'init-container', subject: 'migrate', seconds: 5 },
  {
    trace: 'image',
    cause: 'image',
    subject: 'localhost/kube-latency/arrives-late:1',
    seconds: 4,
  },
  {
    trace: 'image-never',
    cause: 'image',
    subject: 'localhost/kube-latency/absent:1',
    seconds: 8,
  },
  { trace: 'image-failed', cause: 'image', subject: 'localhost/nope/x:1', seconds: 7 },
  { trace: 'scheduling', cause: 'scheduling', subject: '', seconds: 5 },
  { trace: 'api-server', cause: 'api-server', subject: '', seconds: 6 },
  {
    trace: 'webhook',
    cause: 'webhook',
    subject: 'explain-e2e.explain-e2e.kube-latency.dev',
    seconds: 3,
  },
  { trace: 'etcd', cause: 'etcd', subject: '', seconds: 4 },
];

const golden = new URL('golden/', import.meta.url);
const rewriting = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined;
const hour = 'of the last hour';

describe('explain, of recorded traces,', () => {
  for (const { trace, cause, subject, seconds } of cases)
    it(`blames ${cause} in ${trace}`, async () => {
      const { verdict } = explained(await recordedTrace(trace));

      assert.equal(verdict.cause, cause, verdict.sentence);
      assert.equal(verdict.subject, subject);
      assert.ok(Number(verdict.ns) / 1e9 >= 0.8 * seconds, verdict.sentence);
    });

  it('blames none of these for long where nothing was slow', async () => {
    const { causes, verdict } = explained(await recordedTrace('fast'));

    const blamed = new Set(cases.map(({ cause }) => cause));
    const long = causes.filter(({ cause, ns }) => blamed.has(cause) && ns > 100_000_000n);
    assert.deepEqual(long, []);
    assert.equal(verdict.cause, 'kubelet');
  });

  for (const { trace } of [...cases, { trace: 'fast' }])
    it(`tells of all the time in ${trace}, and of no time twice`, async () => {
      const { fromNs, toNs, steps, causes, certainties } = explained(await recordedTrace(trace));

      for (const [index, step] of steps.entries())
        assert.equal(step.fromNs, steps[index - 1]?.toNs ?? fromNs);
      assert.equal(steps.at(-1)?.toNs, toNs);
      const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);
      assert.equal(sum(causes.map(({ ns }) => ns)), toNs - fromNs);
      assert.equal(sum(Object.values(certainties)), toNs - fromNs);
    });

  for (const { trace } of [...cases, { trace: 'fast' }])
    it(`says the same of ${trace} in whatever order its spans come`, async () => {
      const recorded = await recordedTrace(trace);

      const turned = explained({ ...recorded, spans: recorded.spans.toReversed() });

      assert.deepEqual(turned.steps, explained(recorded).steps);
    });

  const pages = [
    { name: 'image-80', trace: 'image', width: 80, colour: false, glyphs: unicodeGlyphs },
    { name: 'readiness-100', trace: 'readiness', width: 100, colour: false, glyphs: unicodeGlyphs },
    {
      name: 'failed-80-ascii',
      trace: 'image-failed',
      width: 80,
      colour: false,
      glyphs: asciiGlyphs,
    },
    { name: 'etcd-80-colour', trace: 'etcd', width: 80, colour: true, glyphs: unicodeGlyphs },
  ];
  const others = [1, 2, 3].map((factor) => ({
    traceId: String(factor).repeat(32),
    spans: new Map([
      ['prober.create-pod', BigInt(factor) * 10_000_000n],
      ['pod.schedule', 5_000_000n],
      ['pod.start', BigInt(factor) * 500_000_000n],
      ['pod.ready', 20_000_000n],
    ]),
  }));

  for (const { name, trace, ...options } of pages)
    it(`prints ${name}.txt`, async () => {
      const explanation = explained(await recordedTrace(trace));

      const text = explanationText(explanation, compare(explanation, others), { ...options, hour });

      const file = new URL(`${name}.txt`, golden);
      if (rewriting) writeFileSync(file, `${text}\n`);
      assert.equal(`${text}\n`, readFileSync(file, 'utf8'));
    });

  for (const { trace } of cases)
    it(`prints ${trace} within the columns that there are, and without an escape`, async () => {
      const explanation = explained(await recordedTrace(trace));

      const options = { width: 80, colour: false, glyphs: unicodeGlyphs, hour };
      const text = explanationText(explanation, { kind: 'none' }, options);

      assert.equal(text.includes('\u001B'), false);
      for (const line of text.split('\n')) assert.ok(columns(line) <= 80, line);
    });
});
