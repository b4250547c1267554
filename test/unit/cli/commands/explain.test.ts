import assert from 'node:assert/strict';
import { runCommandLine } from '../../../../cli/run.ts';
import type { TraceSpan } from '../../../../cli/trace/model.ts';
import { recordedTrace } from '../../../support/recorded-trace.ts';
import { recordedContext } from '../context.ts';
import { startFakeViewer, type FakeViewer } from '../fake-viewer.ts';

const trace = await recordedTrace('webhook');
const otherId = 'b'.repeat(32);

describe('kube-latency explain', () => {
  let viewer: FakeViewer;

  beforeEach(async () => {
    viewer = await startFakeViewer({
      searchSpans: spansOf(trace.spans),
      searchTraces: { result: [{ traceID: otherId, durationNs: '1000000', errorCount: 0 }] },
    });
  });

  afterEach(() => viewer.close());

  async function explain(...args: readonly string[]) {
    const context = recordedContext();
    const backend = ['--backend', viewer.url.href];
    const code = await runCommandLine(['explain', ...args, ...backend], '1.2.3', context);
    return { code, out: context.printed.out.join('\n'), err: context.printed.err.join('\n') };
  }

  it('prints the verdict, the steps, and the other probes of the hour before', async () => {
    const { code, out } = await explain(trace.traceId);

    assert.equal(code, 0);
    assert.match(out, /^3\.02 of 3\.63 s: admission webhook explain-e2e\./m);
    assert.match(out, /^ +3\.02 s +83\.0 % +webhook +mutating webhook/m);
    assert.match(out, /^Compared with 1 other probe of the hour before$/m);
  });

  it('asks for the phases of the hour that ended with the pod’s start', async () => {
    await explain(trace.traceId);

    const searches = viewer.asked.filter(({ method }) => method === 'searchTraces');
    const ready = trace.spans.find(({ name }) => name === 'pod.ready');
    assert.equal(searches.length, 5);
    for (const { params } of searches) {
      const [from, to] = params as [string, string];
      assert.equal(to, ready?.endTimeUnixNano);
      assert.equal(BigInt(to) - BigInt(from), 3_600_000_000_000n);
    }
  });

  it('prints JSON whose steps add up to the total', async () => {
    const { code, out } = await explain(trace.traceId, '--output', 'json');

    const printed = JSON.parse(out) as {
      total: { nanoseconds: string };
      verdict: { cause: string; seconds: number };
      steps: { nanoseconds: string }[];
      comparison: unknown;
    };
    assert.equal(code, 0);
    assert.equal(printed.verdict.cause, 'webhook');
    const sum = printed.steps.reduce((so, { nanoseconds }) => so + BigInt(nanoseconds), 0n);
    assert.equal(String(sum), printed.total.nanoseconds);
    assert.deepEqual(Object.keys(printed.comparison as object), ['kind', 'probes', 'phases']);
  });

  it('says that there are no other probes', async () => {
    viewer.answers = { ...viewer.answers, searchTraces: { result: [] } };

    const { code, out } = await explain(trace.traceId);

    assert.equal(code, 0);
    assert.match(out, /No other probes of the hour before to compare with$/);
  });

  it('explains although the other probes cannot be read, and says why they are missing', async () => {
    viewer.answers = {
      ...viewer.answers,
      searchTraces: { error: { code: -32000, message: 'database is locked' } },
    };

    const { code, out } = await explain(trace.traceId);

    assert.equal(code, 0);
    assert.match(out, /could not be read: the viewer refused \(-32000\):\s+database is locked$/);
  });

  it('fails on a trace of something else, and says what it expected', async () => {
    const spans = trace.spans.filter(({ service }) => service === 'kubelet');
    viewer.answers = { searchSpans: spansOf(spans) };

    const { code, out, err } = await explain(trace.traceId);

    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /does not tell the start of a pod: expected a span prober\.create-pod/);
  });

  it('is misused with a name that is no reference, or a format that it does not have', async () => {
    assert.equal((await explain('nonsense')).code, 2);
    assert.equal((await explain('last', '--output', 'html')).code, 2);
  });

  it('has help with its causes and with examples', async () => {
    const context = recordedContext();

    const code = await runCommandLine(['explain', '--help'], '1.2.3', context);

    assert.equal(code, 0);
    assert.match(context.printed.out.join('\n'), /network-plugin[^]*Examples:/);
  });
});

/** The viewer's answer that has these spans of the trace. */
function spansOf(spans: readonly TraceSpan[]): object {
  return { result: { traceID: trace.traceId, spans: spans.map(viewed) } };
}

/** A span as the viewer gives it. */
function viewed(span: TraceSpan): object {
  const attributes = (of: Readonly<Record<string, unknown>>): object[] =>
    Object.entries(of).map(([key, value]) => {
      const type =
        typeof value === 'number' ? 'float64' : typeof value === 'boolean' ? 'bool' : 'string';
      return { key, value: String(value), type };
    });
  const service = { key: 'service.name', value: span.service, type: 'string' };
  const spanData = {
    spanID: span.spanId,
    parentSpanID: span.parentSpanId,
    name: span.name,
    kind: span.kind.charAt(0).toUpperCase() + span.kind.slice(1),
    startTime: span.startTimeUnixNano,
    endTime: span.endTimeUnixNano,
    attributes: attributes(span.attributes),
    events: span.events.map(({ name, timeUnixNano, attributes: own }) => ({
      name,
      timestamp: timeUnixNano,
      attributes: attributes(own),
    })),
    links: span.links.map(({ traceId, spanId }) => ({ traceID: traceId, spanID: spanId })),
    resource: { attributes: [service] },
    statusCode: span.status.code === 'error' ? 'Error' : 'Unset',
    statusMessage: span.status.message,
  };
  return { spanData };
}
