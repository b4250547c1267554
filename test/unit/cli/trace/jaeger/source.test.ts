import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { backendAt } from '../../../../../cli/trace/backend.ts';
import { jaegerSource } from '../../../../../cli/trace/jaeger/source.ts';

const { signal } = new AbortController();
const nowMs = Date.parse('2026-11-21T12:00:00Z');
const [older, newer] = ['a'.repeat(32), 'b'.repeat(32)];

/** A root as Jaeger's API of version 3 gives it. */
function root(
  traceId: string,
  at: { startMs: number; pod?: string; service?: string; node?: string },
): object {
  const service = at.service ?? 'pod-prober';
  const startNs = `${at.startMs}000000`;
  const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  return {
    resource: {
      attributes: [
        text('service.name', service),
        ...(at.node === undefined ? [] : [text('k8s.node.name', at.node)]),
      ],
    },
    scopeSpans: [
      {
        spans: [
          {
            traceId,
            spanId: traceId.slice(0, 16),
            name: service === 'correlator' ? 'pod.start-up' : 'prober.main',
            kind: 1,
            startTimeUnixNano: startNs,
            endTimeUnixNano: `${at.startMs + 5}000000`,
            attributes: [
              text('k8s.namespace.name', 'ns'),
              text('k8s.pod.name', at.pod ?? 'p'),
              { key: 'n', value: { intValue: '7' } },
              { key: 'list', value: { arrayValue: { values: [{ boolValue: true }] } } },
            ],
            status: { code: 2, message: 'late' },
          },
        ],
      },
    ],
  };
}

describe('jaegerSource()', () => {
  let server: Server;
  let url: URL;
  let asked: URL[] = [];
  /** By path, and for a search by service: resourceSpans, or a status. */
  let answers: Record<string, object[] | number> = {};

  before(async () => {
    server = createServer((request, response) => {
      const target = new URL(request.url ?? '', 'http://x');
      asked.push(target);
      const service = target.searchParams.get('query.service_name');
      const answer = answers[service ?? target.pathname] ?? 404;
      if (typeof answer === 'number') response.writeHead(answer).end('no');
      else response.end(JSON.stringify({ result: { resourceSpans: answer } }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  beforeEach(() => {
    asked = [];
    answers = {};
  });

  after(() => server.close());

  const source = (): ReturnType<typeof jaegerSource> => jaegerSource(url, () => nowMs);

  it('reads a trace by its id, with typed attributes', async () => {
    answers[`/api/v3/traces/${older}`] = [root(older, { startMs: nowMs })];

    const found = await source().find({ kind: 'id', traceId: older }, signal);

    assert.ok(found.kind === 'found');
    const [span] = found.trace.spans;
    assert.equal(span?.service, 'pod-prober');
    assert.equal(span.kind, 'internal');
    assert.equal(span.parentSpanId, null);
    assert.deepEqual(span.status, { code: 'error', message: 'late' });
    assert.equal(span.attributes['n'], 7);
    assert.deepEqual(span.attributes['list'], [true]);
    assert.equal(span.attributes['resource.service.name'], 'pod-prober');
  });

  it('shows a span once that was delivered twice', async () => {
    const twice = root(older, { startMs: nowMs });
    answers[`/api/v3/traces/${older}`] = [twice, twice];

    const found = await source().find({ kind: 'id', traceId: older }, signal);

    assert.ok(found.kind === 'found');
    assert.equal(found.trace.spans.length, 1);
  });

  it('gives the traces of the boots of a month', async () => {
    answers['log-tailer'] = [
      root(newer, { startMs: nowMs - 1000, service: 'log-tailer' }),
      root(older, { startMs: nowMs - 2000, service: 'log-tailer' }),
    ];

    const found = await source().boots(signal);

    assert.ok(found.kind === 'found');
    assert.deepEqual(
      found.traces.map(({ traceId, spans }) => [traceId, spans.length]),
      [
        [newer, 1],
        [older, 1],
      ],
    );
    assert.equal(asked[0]?.searchParams.get('query.operation_name'), 'node.boot');
    assert.equal(asked[0]?.searchParams.get('query.start_time_min'), '2026-10-22T12:00:00.000Z');
  });

  it('takes the newest probe for the last, in whatever order they come', async () => {
    answers['pod-prober'] = [
      root(newer, { startMs: nowMs - 1000 }),
      root(older, { startMs: nowMs - 2000 }),
    ];
    answers[`/api/v3/traces/${newer}`] = [root(newer, { startMs: nowMs - 1000 })];

    const found = await source().find({ kind: 'last' }, signal);

    assert.ok(found.kind === 'found');
    assert.equal(found.trace.traceId, newer);
    assert.equal(asked[0]?.searchParams.get('query.start_time_min'), '2026-11-21T11:55:00.000Z');
    assert.equal(asked[0].searchParams.get('query.operation_name'), 'prober.main');
  });

  it('looks further back where nothing is new, and finds none in the end', async () => {
    assert.deepEqual(await source().find({ kind: 'last' }, signal), { kind: 'missing' });
    assert.equal(asked.length, 4);
  });

  it('finds a pod by name, a probed one before one that was watched', async () => {
    answers['pod-prober'] = [root(older, { startMs: nowMs, pod: 'other' })];
    answers['correlator'] = [root(newer, { startMs: nowMs, pod: 'web', service: 'correlator' })];
    answers[`/api/v3/traces/${newer}`] = [root(newer, { startMs: nowMs, service: 'correlator' })];

    const found = await source().find({ kind: 'pod', namespace: 'ns', pod: 'web' }, signal);

    assert.ok(found.kind === 'found');
    assert.equal(found.trace.traceId, newer);
  });

  it('tells what went wrong', async () => {
    answers[`/api/v3/traces/${older}`] = 500;

    assert.deepEqual(await source().find({ kind: 'id', traceId: older }, signal), {
      kind: 'failed',
      problem: 'answered with status 500',
    });
  });

  it('leaves failed probes out of those that others are compared with', async () => {
    answers['pod-prober'] = [root(older, { startMs: nowMs })];
    const between = { fromNs: 0n, toNs: 1n, names: ['prober.main'] };

    assert.deepEqual(await source().probes(between, signal), { kind: 'found', probes: [] });
  });

  describe('newestSpan()', () => {
    const question = (node: string | null) => ({
      service: 'kubelet',
      node,
      fromNs: BigInt(nowMs - 60_000) * 1_000_000n,
      toNs: BigInt(nowMs) * 1_000_000n,
    });

    it('is that of the service, on the node where one is asked for', async () => {
      answers['kubelet'] = [
        root(older, { startMs: nowMs - 2000, service: 'kubelet', node: 'worker' }),
        root(newer, { startMs: nowMs - 1000, service: 'kubelet', node: 'other' }),
        root(newer, { startMs: nowMs, service: 'containerd', node: 'worker' }),
      ];

      const [ofAll, ofWorker, ofNobody] = await Promise.all(
        [null, 'worker', 'nobody'].map((node) => source().newestSpan(question(node), signal)),
      );

      const at = (startMs: number) => ({ kind: 'found', startNs: BigInt(startMs) * 1_000_000n });
      assert.deepEqual(ofAll, at(nowMs - 1000));
      assert.deepEqual(ofWorker, at(nowMs - 2000));
      assert.deepEqual(ofNobody, { kind: 'found', startNs: null });
      assert.equal(asked[0]?.searchParams.get('query.start_time_min'), '2026-11-21T11:59:00.000Z');
    });

    it('fails where Jaeger does', async () => {
      answers['kubelet'] = 500;

      const found = await source().newestSpan(question(null), signal);

      assert.deepEqual(found, { kind: 'failed', problem: 'answered with status 500' });
    });
  });

  it('is what backendAt() takes where a Jaeger answers, and only there', async () => {
    answers['/api/v3/services'] = [];
    assert.match((await backendAt(url, signal)).pageUrl(older), /\/trace\/a{32}$/);

    answers['/api/v3/services'] = 404;
    assert.match((await backendAt(url, signal)).pageUrl(older), /\/traces\/a{32}$/);
  });
});
