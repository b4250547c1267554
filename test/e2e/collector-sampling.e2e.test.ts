import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { readSpans } from '../support/spans-file.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import {
  jsonSender,
  newSpanId,
  newTraceId,
  type JsonSpan,
} from './collector-config/json-sender.ts';

const head = 'features/head-sampling.yaml';
const tail = 'features/tail-sampling.yaml';
const soon = { DECISION_WAIT: '1s' };

describe('sampling', function () {
  this.timeout(60_000);
  let collectors: Collectors[];

  beforeEach(() => {
    collectors = [];
  });

  afterEach(() => Promise.all(collectors.map((each) => each.remove())));

  it('keeps a share of the traces from the head, each whole, and every gateway the same ones', async () => {
    const traces = Array.from({ length: 300 }, () => trace());
    const env = { SAMPLING_PERCENTAGE: '40' };
    const [one, other] = [await gateway([head], env), await gateway([head], env)];
    await Promise.all([sendSplit(one, traces), sendSplit(other, traces)]);

    const [kept, keptByOther] = await Promise.all([keptOf(one), keptOf(other)]);

    // 120 are to be expected; the chance of 75 or fewer, or 165 or more, is below one in a million.
    assert.ok(kept.size > 75 && kept.size < 165, `${kept.size} of 300`);
    for (const [id, names] of kept) assert.equal(names.length, 3, id);
    assert.deepEqual([...kept.keys()].toSorted(), [...keptByOther.keys()].toSorted());
  });

  const keptFromTheTail: readonly [string, Partial<JsonSpan>][] = [
    ['a span that failed', { failed: true }],
    ['six seconds', { seconds: 6 }],
    ['a joined span', { attributes: { 'kube_latency.stitched': true } }],
    ['a span of the prober', { service: 'pod-prober' }],
    ['a span of the correlator', { service: 'correlator' }],
    ['a request of the prober in its middle', { traceState: 'kube-latency=probe' }],
  ];

  it('keeps whole from the tail what failed, was slow or is about a pod, and nothing else', async () => {
    const into = await gateway([tail], { ...soon, SAMPLING_PERCENTAGE: '0' });
    const wanted = keptFromTheTail.map(([name, last]) => trace(name, last));
    const others = Array.from({ length: 50 }, () => trace());
    await sendSplit(into, [...wanted, ...others]);

    const kept = await keptOf(into, wanted.length);

    const found = new Map(wanted.map(([span]) => [span?.traceId, span?.name]));
    assert.deepEqual(
      [...kept.keys()].map((id) => found.get(id) ?? 'other').toSorted(),
      keptFromTheTail.map(([name]) => name).toSorted(),
    );
    for (const names of kept.values()) assert.equal(names.length, 3, names[0]);
  });

  it('keeps a share of the rest, whole', async () => {
    const into = await gateway([tail], { ...soon, SAMPLING_PERCENTAGE: '40' });
    await sendSplit(
      into,
      Array.from({ length: 300 }, () => trace()),
    );

    const kept = await keptOf(into);

    assert.ok(kept.size > 75 && kept.size < 165, `${kept.size} of 300`);
    for (const names of kept.values()) assert.equal(names.length, 3);
  });

  it('lets a span that comes late follow the judgment on its trace', async () => {
    const into = await gateway([tail], { ...soon, SAMPLING_PERCENTAGE: '0' });
    const [kept, dropped] = [trace('kept', { failed: true }), trace('dropped')];
    await sendSplit(into, [kept, dropped]);
    await eventually(async () => assert.equal((await keptOf(into)).size, 1));
    const late = (of: JsonSpan[]): JsonSpan => ({ name: 'late', traceId: of[0]?.traceId ?? '' });

    await send(into, [late(kept)]);
    await send(into, [late(dropped)]);

    await eventually(async () => {
      const names = [...(await keptOf(into)).values()].flat();
      assert.ok(names.includes('late'));
    });
    await into.stopAll();
    const spans = await readSpans(into.spansFile);
    assert.deepEqual(
      spans.filter(({ name }) => name === 'late').map(({ traceId }) => traceId),
      [kept[0]?.traceId],
    );
  });

  it('judges whole traces in two layers, whose second has two gateways', async () => {
    const front = await prepare();
    const env = { ...soon, SAMPLING_PERCENTAGE: '50', ...front.gateway.pki };
    const samplers = [await gateway([tail], env), await gateway([tail], env)];
    await front.startGateway(['features/load-balancing.yaml'], {
      settings: {
        ...front.plainDoor,
        exporters: {
          load_balancing: {
            resolver: {
              dns: null,
              static: { hostnames: samplers.map((each) => each.gateway.endpoint) },
            },
          },
        },
      },
    });
    const failed = Array.from({ length: 100 }, () => trace('failed', { failed: true }));
    const others = Array.from({ length: 200 }, () => trace());

    await sendSplit(front, [...failed, ...others]);

    const kept = await eventually(async () => {
      const found = await Promise.all(samplers.map((each) => keptOf(each)));
      const ids = new Set(found.flatMap((each) => [...each.keys()]));
      assert.deepEqual(
        failed.filter(([span]) => !ids.has(span?.traceId ?? '')),
        [],
      );
      return found;
    });
    for (const each of kept) {
      assert.ok(each.size > 50, `${each.size} traces on one of two`);
      for (const [id, names] of each) assert.equal(names.length, 3, id);
    }
    const both = [...(kept[0]?.keys() ?? [])].filter((id) => kept[1]?.has(id));
    assert.deepEqual(both, []);
    const total = kept.reduce((sum, each) => sum + each.size, 0);
    assert.ok(total > 150 && total < 250, `${total} of 300`);
  });

  async function prepare(): Promise<Collectors> {
    const prepared = await prepareCollectors();
    collectors.push(prepared);
    return prepared;
  }

  async function gateway(
    features: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<Collectors> {
    const prepared = await prepare();
    await prepared.startGateway(features, { settings: prepared.plainDoor, env });
    return prepared;
  }
});

/** Three spans of one trace. The last one is as told, and tells all three their name. */
function trace(name = 'other', last: Partial<JsonSpan> = {}): JsonSpan[] {
  const [traceId, parentSpanId] = [newTraceId(), newSpanId()];
  return [
    { name, traceId, spanId: parentSpanId },
    { name, traceId, parentSpanId },
    { name, traceId, parentSpanId, ...last },
  ];
}

async function send(to: Collectors, spans: readonly JsonSpan[]): Promise<void> {
  await jsonSender(to.plainUrl).spans(spans);
}

/** Sends traces in three requests, each with one span of every trace. */
async function sendSplit(to: Collectors, traces: readonly JsonSpan[][]): Promise<void> {
  for (const n of [0, 1, 2])
    await send(
      to,
      traces.flatMap((spans) => spans.slice(n, n + 1)),
    );
}

/** Names of the spans that were kept, by trace, once there are so many traces and nothing more comes. */
async function keptOf(of: Collectors, atLeast = 1): Promise<Map<string, string[]>> {
  let before = -1;
  return eventually(
    async () => {
      const spans = await readSpans(of.spansFile);
      const kept = new Map<string, string[]>();
      for (const { traceId, name } of spans)
        kept.set(traceId, [...(kept.get(traceId) ?? []), name]);
      assert.ok(kept.size >= atLeast, `${kept.size} traces`);
      const grown = spans.length !== before;
      before = spans.length;
      assert.ok(!grown, 'there is more');
      return kept;
    },
    { everyMs: 1500 },
  );
}
