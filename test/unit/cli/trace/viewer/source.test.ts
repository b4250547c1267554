import assert from 'node:assert/strict';
import { maxBoots, maxProbes } from '../../../../../cli/trace/source.ts';
import { queryForName } from '../../../../../cli/trace/viewer/query.ts';
import { viewerSource } from '../../../../../cli/trace/viewer/source.ts';
import { startFakeViewer, type FakeViewer } from '../../fake-viewer.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const signal = new AbortController().signal;

const viewerSpan = {
  traceID: traceId,
  spanID: 'b7ad6b7169203331',
  parentSpanID: null,
  name: 'prober.main',
  kind: 'Internal',
  startTime: '1795251444680000000',
  endTime: '1795251446523000000',
  attributes: [
    { key: 'k8s.pod.name', value: 'probe-1', type: 'string' },
    { key: 'count', value: '3', type: 'int64' },
    { key: 'huge', value: '9223372036854775807', type: 'int64' },
    { key: 'ratio', value: '1.5', type: 'float64' },
    { key: 'ready', value: 'true', type: 'bool' },
    { key: 'list', value: '["x","y"]', type: 'string[]' },
  ],
  events: [
    {
      name: 'Pod found',
      timestamp: '1795251444690000000',
      attributes: [{ key: 'seconds', value: '0.5', type: 'float64' }],
    },
  ],
  links: [{ traceID: '4bf92f3577b34da6a3ce929d0e0e4736', spanID: '00f067aa0ba902b7' }],
  resource: { attributes: [{ key: 'service.name', value: 'pod-prober', type: 'string' }] },
  statusCode: 'Error',
  statusMessage: 'unschedulable',
};

describe('viewerSource', () => {
  let viewer: FakeViewer;

  beforeEach(async () => {
    viewer = await startFakeViewer();
  });

  afterEach(() => viewer.close());

  function source() {
    return viewerSource(viewer.url);
  }

  it('turns the spans of the viewer into ours', async () => {
    viewer.answers = {
      searchSpans: { result: { traceID: traceId, spans: [{ spanData: viewerSpan, depth: 0 }] } },
    };

    const found = await source().find({ kind: 'id', traceId }, signal);

    assert.deepEqual(found, {
      kind: 'found',
      trace: {
        traceId,
        spans: [
          {
            service: 'pod-prober',
            name: 'prober.main',
            kind: 'internal',
            spanId: 'b7ad6b7169203331',
            parentSpanId: null,
            startTimeUnixNano: '1795251444680000000',
            endTimeUnixNano: '1795251446523000000',
            attributes: {
              'k8s.pod.name': 'probe-1',
              count: 3,
              huge: '9223372036854775807',
              ratio: 1.5,
              ready: true,
              list: ['x', 'y'],
              'resource.service.name': 'pod-prober',
            },
            events: [
              {
                name: 'Pod found',
                timeUnixNano: '1795251444690000000',
                attributes: { seconds: 0.5 },
              },
            ],
            links: [{ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }],
            status: { code: 'error', message: 'unschedulable' },
          },
        ],
      },
    });
    assert.deepEqual(viewer.asked, [{ method: 'searchSpans', params: [traceId] }]);
  });

  it('gives how long the spans of other probes took, without those of failed probes', async () => {
    const [good, bad] = ['1'.repeat(32), '2'.repeat(32)];
    const summary = (id: string, durationNs: string | null, errorCount = 0) => ({
      traceID: id,
      durationNs,
      errorCount,
    });
    viewer.answers = { searchTraces: { result: [summary(good, '70'), summary(bad, '90', 1)] } };

    const between = { fromNs: 5n, toNs: 50n, names: ['pod.start'] };
    const found = await source().probes(between, signal);

    assert.deepEqual(found, {
      kind: 'found',
      probes: [{ traceId: good, spans: new Map([['pod.start', 70n]]) }],
    });
    assert.deepEqual(
      viewer.asked.map(({ params }) => [params[0], params[1], JSON.stringify(params[2])]),
      ['prober.main', 'pod.start'].map((name) => ['5', '50', JSON.stringify(queryForName(name))]),
    );
  });

  it('gives the traces of boots, whole, and no more than anyone needs', async () => {
    const result = Array.from({ length: maxBoots + 7 }, () => ({ traceID: traceId }));
    viewer.answers = {
      searchTraces: { result },
      searchSpans: { result: { traceID: traceId, spans: [{ spanData: viewerSpan, depth: 0 }] } },
    };

    const found = await source().boots(signal);

    assert.ok(found.kind === 'found');
    assert.equal(found.traces.length, maxBoots);
    assert.equal(found.traces[0]?.spans.length, 1);
    assert.deepEqual(viewer.asked[0]?.params[2], queryForName('node.boot'));
  });

  it('gives why boots cannot be had', async () => {
    viewer.answers = { searchTraces: { error: { code: -1, message: 'no' } } };

    const found = await source().boots(signal);

    assert.deepEqual(found, { kind: 'failed', problem: 'the viewer refused (-1): no' });
  });

  it('gives no more probes than anyone needs', async () => {
    const result = Array.from({ length: maxProbes + 7 }, (_, index) => ({
      traceID: index.toString(16).padStart(32, '0'),
      durationNs: '1',
      errorCount: 0,
    }));
    viewer.answers = { searchTraces: { result } };

    const found = await source().probes({ fromNs: 0n, toNs: 1n, names: [] }, signal);

    assert.equal(found.kind === 'found' && found.probes.length, maxProbes);
  });

  it('tells why it cannot give other probes', async () => {
    viewer.answers = { searchTraces: { error: { code: 7, message: 'busy' } } };

    assert.deepEqual(await source().probes({ fromNs: 0n, toNs: 1n, names: [] }, signal), {
      kind: 'failed',
      problem: 'the viewer refused (7): busy',
    });
  });

  it('reports a trace that the viewer does not have as missing', async () => {
    viewer.answers = { searchSpans: { error: { code: -32001, message: 'Trace not found' } } };

    assert.deepEqual(await source().find({ kind: 'id', traceId }, signal), { kind: 'missing' });
  });

  it('takes the newest trace that a probe began as the last one', async () => {
    viewer.answers = {
      searchTraces: { result: [{ traceID: traceId }, { traceID: '1'.repeat(32) }] },
      searchSpans: { result: { traceID: traceId, spans: [{ spanData: viewerSpan }] } },
    };

    const found = await source().find({ kind: 'last' }, signal);

    assert.equal(found.kind, 'found');
    assert.deepEqual(
      viewer.asked.map(({ method }) => method),
      ['searchTraces', 'searchSpans'],
    );
    assert.match(JSON.stringify(viewer.asked[0]?.params), /prober\.main/);
    assert.deepEqual(viewer.asked[1]?.params, [traceId]);
  });

  it('asks for any trace of a pod where no probe began one', async () => {
    viewer.answers = { searchTraces: { result: [] } };

    const found = await source().find({ kind: 'pod', namespace: 'shop', pod: 'web-1' }, signal);

    assert.deepEqual(found, { kind: 'missing' });
    const queries = viewer.asked.map(({ params }) => JSON.stringify(params));
    assert.equal(queries.length, 3);
    assert.match(queries[0] ?? '', /prober\.main.*shop.*web-1/);
    assert.match(queries[1] ?? '', /pod\.start-up.*shop.*web-1/);
    assert.doesNotMatch(queries[2] ?? '', /prober\.main|pod\.start-up/);
  });

  it('gives the address of the page of a trace', () => {
    const expected = `http://127.0.0.1:8000/traces/${traceId}`;

    assert.equal(viewerSource(new URL('http://127.0.0.1:8000')).pageUrl(traceId), expected);
    assert.equal(
      viewerSource(new URL('http://host/viewer')).pageUrl(traceId),
      `http://host/viewer/traces/${traceId}`,
    );
  });

  const failures = [
    { name: 'another HTTP status', answer: 502, problem: /expected HTTP status 200 .* got 502/ },
    { name: 'what is not JSON', answer: '<html>', problem: /expected a JSON-RPC answer/ },
    {
      name: 'a result of another shape',
      answer: { result: { traces: 1 } },
      problem: /another shape/,
    },
    {
      name: 'a refusal',
      answer: { error: { code: -32603, message: 'internal' } },
      problem: /refused \(-32603\): internal/,
    },
  ];
  for (const { name, answer, problem } of failures) {
    it(`says what is wrong with ${name}`, async () => {
      viewer.answers = { searchSpans: answer };

      const found = await source().find({ kind: 'id', traceId }, signal);

      assert.ok(found.kind === 'failed', JSON.stringify(found));
      assert.match(found.problem, problem);
    });
  }

  it('says where nobody listens', async () => {
    const gone = source();
    await viewer.close();

    const found = await gone.find({ kind: 'last' }, signal);

    assert.equal(found.kind, 'failed');
    assert.match(JSON.stringify(found), /connect ECONNREFUSED 127\.0\.0\.1:\d+/);
  });

  it('ends with the signal', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'));

    await assert.rejects(source().find({ kind: 'last' }, stopped), { message: 'stopped' });
  });
});
