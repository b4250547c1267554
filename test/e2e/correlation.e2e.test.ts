import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { cluster, clusterNow } from '../support/cluster.ts';
import { changeAgentArgs, nodeNames } from '../support/components.ts';
import { eventually } from '../support/eventually.ts';
import { probe, type Probed } from '../support/probe-report.ts';
import { readSpans, type FileSpan } from '../support/spans-file.ts';
import { churn, churnNamespaces, endChurn, startChurn } from './correlation/churn.ts';
import { isCopy, isNative, readTraces, serviceOf, type Reading } from './correlation/oracle.ts';
import { recordPods, type PodHistory } from './correlation/pod-history.ts';

/** On kind fewer at once, for the same reason as churn() is slower there. */
const { count, concurrency } =
  clusterNow().on === 'kind' ? { count: 16, concurrency: 4 } : { count: 50, concurrency: 10 };
/** All programs of the cluster read one machine's clock. */
const clockErrorNs = 2_000_000n;

/** What every probe's trace holds of each component: service and end of the span's name. */
const expected = [
  ['apiserver', /^POST .*\/pods$/],
  ['apiserver', /^POST .*\/binding$/],
  ['apiserver', /^PATCH .*\/status$/],
  ['apiserver', /^POST .*\/token$/],
  ['apiserver', /^DELETE .*\/pods\/[^/]+$/],
  ['kubelet', /^syncPod$/],
  ['kubelet', /^syncTerminatingPod$/],
  ['kubelet', /^syncTerminatedPod$/],
  ['containerd', /\/RunPodSandbox$/],
  ['containerd', /\/CreateContainer$/],
  ['containerd', /\/StartContainer$/],
  ['etcd', /^txn$/],
] as const;

describe(`correlation of ${count} probes at concurrency ${concurrency}, while other pods come and go`, function () {
  this.timeout(480_000);
  let history: PodHistory;
  let probed: Probed;
  let spans: readonly FileSpan[];
  /** Trace of each probed pod by uid, and the other way. */
  const traceOf = new Map<string, string>();
  const podOf = new Map<string, string>();

  before(async () => {
    const { kubeconfig, spansFile } = await cluster();
    const beginNs = BigInt(Date.now()) * 1_000_000n;
    const readNew = async (): Promise<FileSpan[]> =>
      (await readSpans(spansFile)).filter(({ startNs }) => startNs >= beginNs);
    await changeAgentArgs({ add: '--config=/etc/otelcol/no-noise-filter.yaml' });
    // Exporters that met no agent keep still for a while, and drop what does not fit their queues.
    const agentsBackNs = BigInt(Date.now()) * 1_000_000n;
    await eventually(
      async () => {
        const heard = new Set(
          (await readNew())
            .filter((span) => isNative(span) && span.startNs > agentsBackNs)
            .map((span) => `${serviceOf(span)} on ${String(span.resource['k8s.node.name'])}`),
        );
        for (const node of nodeNames())
          for (const service of ['kubelet', 'containerd'])
            assert.ok(heard.has(`${service} on ${node}`), `no span of ${service} on ${node}`);
        for (const service of ['apiserver', 'etcd'])
          assert.ok(
            [...heard].some((each) => each.startsWith(`${service} `)),
            service,
          );
      },
      { withinMs: 60_000 },
    );
    history = recordPods(kubeconfig);
    const stop = new AbortController();
    await startChurn();
    const churning = churn(stop.signal);
    try {
      const numbers = ['--count', String(count), '--concurrency', String(concurrency)];
      probed = await probe([...numbers, '--timeout', '2m'], { timeoutMs: 300_000 });
    } finally {
      stop.abort();
      await churning;
      await endChurn();
    }
    assert.equal(probed.finished.code, 0, probed.finished.stderr);
    for (const { uid, traceId } of probed.report.probes) {
      traceOf.set(uid ?? '', traceId);
      podOf.set(traceId, uid ?? '');
    }
    // Garbage collections count as whole only after a while without a span.
    await delay(20_000);
    spans = await eventually(
      async () => {
        const read = await readNew();
        const { attached, assigned } = attachedSpans(read);
        assert.ok(attached >= 0.99 * assigned, `${attached} of ${assigned} spans attached`);
        return read;
      },
      { withinMs: 40_000, everyMs: 2000 },
    ).catch(readNew);
  });

  after(async () => {
    await history?.stop();
    await changeAgentArgs('remove last');
  });

  /** The native spans that an independent reading gives to a probed pod, and how many of them are in its trace. */
  function attachedSpans(read: readonly FileSpan[]): {
    assigned: number;
    attached: number;
    lost: string[];
  } {
    const copies = new Map(
      read.filter(isCopy).map((copy) => [originalOf(copy), copy.traceId] as const),
    );
    let assigned = 0;
    const lost: string[] = [];
    for (const { spans: members, reading } of readTraces(read, history).values()) {
      const trace = reading.kind === 'pod' ? traceOf.get(reading.uid) : undefined;
      if (trace === undefined) continue;
      for (const span of members) {
        assigned++;
        const inPlace = span.traceId === trace;
        if (!inPlace && copies.get(`${span.traceId} ${span.spanId}`) !== trace)
          lost.push(`${serviceOf(span)} ${span.name}`);
      }
    }
    return { assigned, attached: assigned - lost.length, lost };
  }

  it('attaches at least 99 % of what an independent reading gives to a probed pod', () => {
    const { assigned, attached, lost } = attachedSpans(spans);

    console.log(`      ${attached} of ${assigned} spans attached`);
    assert.ok(assigned > count * 50, `only ${assigned} spans read`);
    assert.ok(attached >= 0.99 * assigned, `${attached} of ${assigned}; lost: ${tally(lost)}`);
  });

  it('puts no span of another pod, and none about several, into a trace', () => {
    const readings = readTraces(spans, history);
    const copies = spans.filter(isCopy);
    const wrong = copies.filter((copy) => {
      const [original = ''] = originalOf(copy).split(' ');
      const reading: Reading = readings.get(original)?.reading ?? { kind: 'none' };
      const uid = String(copy.attributes['k8s.pod.uid']);
      const probedUid = podOf.get(copy.traceId);
      const traceId = probedUid === undefined ? observedTraceId(uid) : traceOf.get(uid);
      if (copy.traceId !== traceId) return true;
      return reading.kind === 'several' || (reading.kind === 'pod' && reading.uid !== uid);
    });

    const kinds = Map.groupBy(readings.values(), ({ reading }) => reading.kind);
    const of = (kind: Reading['kind']): number => kinds.get(kind)?.length ?? 0;
    console.log(
      `      ${copies.length} copies; traces about one pod ${of('pod')}, several ${of('several')}, unclear ${of('unclear')}`,
    );
    assert.ok(of('several') > 0, 'nothing touched two pods: the test does not test');
    assert.deepEqual(
      wrong.map((span) => `${serviceOf(span)} ${span.name} ${originalOf(span)}`),
      [],
    );
  });

  it('takes nothing in on the word of a link alone that does not come from the pod’s own spans', () => {
    const readings = readTraces(spans, history);
    const unread = spans
      .filter((span) => isCopy(span) && podOf.has(span.traceId))
      .filter(
        (copy) => readings.get(originalOf(copy).split(' ')[0] ?? '')?.reading.kind === 'none',
      );
    const byTrace = new Map(
      [...readings].map(([id, { spans: members }]) => [id, members.flatMap(({ links }) => links)]),
    );

    for (const copy of unread) {
      const [original = ''] = originalOf(copy).split(' ');
      const linked = (byTrace.get(original) ?? []).map((id) => readings.get(id)?.reading);
      assert.ok(
        linked.some(
          (reading) => reading?.kind === 'pod' && traceOf.get(reading.uid) === copy.traceId,
        ),
        `${serviceOf(copy)} ${copy.name} in ${copy.traceId}`,
      );
    }
  });

  it('leaves the originals where they were', () => {
    const present = new Set(spans.filter(isNative).map((span) => `${span.traceId} ${span.spanId}`));
    const missing = spans.filter(isCopy).filter((copy) => !present.has(originalOf(copy)));

    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
    );
  });

  it('sends each span once', () => {
    const seen = new Set<string>();
    const twice = spans.filter(({ traceId, spanId }) => {
      const key = `${traceId} ${spanId}`;
      if (seen.has(key)) return true;
      seen.add(key);
      return false;
    });

    assert.deepEqual(
      twice.map((span) => `${serviceOf(span)} ${span.name}`),
      [],
    );
  });

  it('gives every pod its create, bind, status, token, delete, syncs and runtime calls', () => {
    const traces = [...probeTraces()];
    const missing = traces.flatMap(([traceId, members]) =>
      expected
        .filter(
          ([service, name]) =>
            !members.some((span) => serviceOf(span) === service && name.test(span.name)),
        )
        .map(([service, name]) => `${service} ${name} in ${traceId}`),
    );

    assertRare(missing, traces.length * expected.length);
  });

  it('makes whole trees: every parent there, no ring, nothing before the root', () => {
    const orphans: string[] = [];
    for (const [traceId, members] of probeTraces()) {
      const byId = new Map(members.map((span) => [span.spanId, span]));
      const roots = members.filter(({ parentSpanId }) => parentSpanId === '');
      assert.deepEqual(
        roots.map(({ name }) => name),
        ['prober.main'],
        traceId,
      );
      for (const span of members) {
        assert.ok(
          span.startNs >= (roots[0]?.startNs ?? 0n) - clockErrorNs,
          `${span.name} is early`,
        );
        const seen = new Set<FileSpan>();
        for (let at: FileSpan | undefined = span; at.parentSpanId !== '';) {
          assert.ok(!seen.has(at), `a ring above ${span.name} in ${traceId}`);
          seen.add(at);
          const parent: FileSpan | undefined = byId.get(at.parentSpanId);
          if (parent === undefined) {
            orphans.push(`${serviceOf(at)} ${at.name} in ${traceId}`);
            break;
          }
          at = parent;
        }
      }
    }
    assertRare(orphans, spans.length);
  });

  it('gives the other pods a trace of their start-up, made of what was watched and of their spans', () => {
    const uids = churnNamespaces.flatMap((each) => history.uidsIn(new RegExp(`^${each}$`)));
    const phases = new Map(
      [...Map.groupBy(spans, ({ traceId }) => traceId)].map(([traceId, members]) => [
        traceId,
        new Set(members.map((span) => `${serviceOf(span)} ${span.name}`)),
      ]),
    );
    const begun = uids.filter((uid) => phases.get(observedTraceId(uid))?.has('kubelet syncPod'));
    const broken = uids.filter((uid) => {
      const names = phases.get(observedTraceId(uid));
      return ['pod.start-up', 'pod.terminate'].some((name) => !names?.has(`correlator ${name}`));
    });

    console.log(`      ${uids.length} observed pods, ${begun.length} of them begun by a kubelet`);
    assert.ok(begun.length >= 20, `${begun.length} pods`);
    assert.deepEqual(broken, []);
  });

  it('makes whole trees of the other pods too, also of those that no node ever had', () => {
    const uids = churnNamespaces.flatMap((each) => history.uidsIn(new RegExp(`^${each}$`)));
    const nowhere = history.uidsNamed(/\/nowhere$/);
    const traces = Map.groupBy(spans, ({ traceId }) => traceId);

    const orphans = uids.flatMap((uid) => {
      const members = traces.get(observedTraceId(uid)) ?? [];
      const ids = new Set(members.map(({ spanId }) => spanId));
      return members
        .filter(({ parentSpanId }) => parentSpanId !== '' && !ids.has(parentSpanId))
        .map((span) => `${serviceOf(span)} ${span.name} of ${uid}`);
    });
    assert.deepEqual(orphans, []);
    assert.equal(nowhere.length, 2);
    for (const uid of nowhere) {
      const members = traces.get(observedTraceId(uid)) ?? [];
      const root = members.find(({ name }) => name === 'pod.start-up');
      assert.equal(root?.attributes['outcome'], 'deleted', uid);
      assert.ok(
        members.some(({ name }) => name.startsWith('PATCH ')),
        uid,
      );
      assert.ok(
        members.some(({ name }) => name.startsWith('DELETE ')),
        uid,
      );
    }
  });

  function probeTraces(): Map<string, FileSpan[]> {
    const found = Map.groupBy(
      spans.filter(({ traceId }) => podOf.has(traceId)),
      ({ traceId }) => traceId,
    );
    assert.equal(found.size, count);
    return found;
  }
});

/** An API server under load drops spans before they leave it, of which nobody but itself could know. */
function assertRare(missing: readonly string[], among: number): void {
  const most = Math.floor(among / 200);
  if (missing.length > 0) console.error(`      missing: ${missing.join(', ')}`);
  assert.ok(missing.length <= most, `${missing.length}, at most ${most}: ${missing.join(', ')}`);
  assert.deepEqual(
    missing.filter((each) => !each.startsWith('apiserver ')),
    [],
  );
}

/** Trace id of an observed pod, worked out as it is documented. */
function observedTraceId(uid: string): string {
  return createHash('sha256').update(`kube-latency:${uid}`).digest('hex').slice(0, 32);
}

function originalOf({ attributes }: FileSpan): string {
  return `${String(attributes['kube_latency.original_trace_id'])} ${String(attributes['kube_latency.original_span_id'])}`;
}

function tally(names: readonly string[]): string {
  return [...Map.groupBy(names, (name) => name)]
    .map(([name, all]) => `${name} ${all.length}`)
    .join(', ');
}
