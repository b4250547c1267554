import assert from 'node:assert/strict';

import type { PhaseSpan } from '../../../../../receivers/correlator/core/life-spans.ts';
import { bootOf } from '../../../../../receivers/correlator/core/node-boot.ts';
import { createObserver } from '../../../../../receivers/correlator/core/observed.ts';
import type {
  ContainerSnapshot,
  PodSnapshot,
  StatusSnapshot,
} from '../../../../../receivers/correlator/core/pod-snapshot.ts';
import { observedTraceId } from '../../../../../receivers/correlator/core/target.ts';
import { encodePhaseSpans } from '../../../../../receivers/correlator/wire/phase-span.ts';
import { derived, shopPod } from '../harness.ts';
import { decodeRequest } from '../otlp.ts';

const nothing: StatusSnapshot = {
  phase: 'Pending',
  scheduledMs: undefined,
  initializedMs: undefined,
  readyMs: undefined,
  containers: [],
  waits: {},
  says: [],
};

const container = (
  name: string,
  startedMs: number | undefined,
  init = false,
): ContainerSnapshot => ({
  name,
  init,
  id: undefined,
  startedMs,
});

function observer(changes: Partial<Parameters<typeof createObserver>[0]> = {}) {
  return createObserver({
    concerns: () => true,
    giveUpMs: 60_000,
    lingerMs: 10_000,
    maxPods: 100,
    untold: () => undefined,
    ...changes,
  });
}

const web = (status: Partial<StatusSnapshot>, changes: Partial<PodSnapshot> = {}): PodSnapshot =>
  shopPod('web', { createdMs: 100_000, status: { ...nothing, ...status }, ...changes });

const trace = observedTraceId(web({}).uid);
const times = (spans: readonly PhaseSpan[]): Record<string, readonly [number, number]> =>
  Object.fromEntries(spans.map((span) => [span.name, [span.start.atMs, span.end.atMs]]));

function startUp(watch: ReturnType<typeof observer>): readonly PhaseSpan[] {
  const containers = [container('setup', 101_000, true), container('app', undefined)];
  const steps: [PodSnapshot, number][] = [
    [web({}), 100_100],
    [web({ scheduledMs: 100_000 }), 100_250],
    [web({ scheduledMs: 100_000, containers }), 101_300],
    [web({ scheduledMs: 100_000, initializedMs: 102_000, containers }), 102_400],
    [
      web({
        phase: 'Running',
        scheduledMs: 100_000,
        initializedMs: 102_000,
        readyMs: 104_000,
        containers: [containers[0] as ContainerSnapshot, container('app', 103_000)],
      }),
      104_600,
    ],
  ];
  return steps.flatMap(([pod, atMs]) => watch.pod({ kind: 'seen', pod, atMs }));
}

describe('an observed pod', () => {
  it('is linked from its start-up to the boot of its node, where it was one of the first on it', () => {
    const boot = { traceId: 'b'.repeat(32), spanId: 'c'.repeat(16), atMs: 70_000 };
    const linked = (withinMs: number, atMs = boot.atMs) => {
      const spans = startUp(
        observer({
          bootOf: ({ status }) => bootOf(status?.scheduledMs, { ...boot, atMs }, withinMs),
        }),
      );
      return decodeRequest(encodePhaseSpans(spans, { 'service.name': 'correlator' }))
        .filter(({ links }) => links.length > 0)
        .map(({ name, links }) => [name, links]);
    };

    assert.deepEqual(linked(30_000), [
      ['pod.start-up', [{ traceId: boot.traceId, spanId: boot.spanId }]],
    ]);
    assert.deepEqual(linked(29_000), []);
    assert.deepEqual(linked(30_000, 102_000), []);
  });

  it('is told, once it is ready, in phases by the best clock of each', () => {
    const spans = startUp(observer());

    assert.deepEqual(times(spans), {
      'pod.start-up': [100_000, 104_600],
      'pod.schedule': [100_000, 100_250],
      'pod.start': [100_250, 104_600],
      'pod.ready': [104_600, 104_600],
      'pod.initialize': [100_250, 102_400],
      'pod.container#setup': [100_250, 101_300],
      'pod.container#app': [102_400, 104_600],
    });
    assert.ok(spans.every((span) => span.failure === undefined));
  });

  it('has derived ids, so that copies find their parents', () => {
    const spans = startUp(observer());

    const parents = Object.fromEntries(spans.map((span) => [span.name, span.parentId]));
    assert.ok(
      spans.every((span) => span.traceId === trace && span.spanId === derived(trace, span.name)),
    );
    assert.equal(parents['pod.start-up'], undefined);
    assert.equal(parents['pod.start'], derived(trace, 'pod.start-up'));
    assert.equal(parents['pod.container#app'], derived(trace, 'pod.start'));
  });

  it('is told once, and its end when it is gone', () => {
    const watch = observer();
    startUp(watch);
    const ready = web({ phase: 'Running', readyMs: 104_000 });

    const again = watch.pod({ kind: 'seen', pod: ready, atMs: 130_000 });
    const ending = watch.pod({
      kind: 'seen',
      pod: { ...ready, deletionMs: 200_000 },
      atMs: 200_020,
    });
    const end = watch.pod({ kind: 'gone', uid: ready.uid, atMs: 201_500 });

    assert.deepEqual([again, ending], [[], []]);
    assert.deepEqual(times(end), { 'pod.terminate': [200_020, 201_500] });
    assert.equal(watch.size(), 0);
  });

  it('that is never ready is told when time is up, what is missing as a failure', () => {
    const watch = observer();
    watch.pod({ kind: 'seen', pod: web({ scheduledMs: 100_000 }), atMs: 100_200 });

    const early = watch.tick(150_000);
    const late = watch.tick(161_000);

    const failed = late.filter((span) => span.failure !== undefined).map((span) => span.name);
    assert.deepEqual(early, []);
    assert.deepEqual(failed.toSorted(), ['pod.ready', 'pod.start', 'pod.start-up']);
    assert.deepEqual(watch.tick(400_000), []);
  });

  it('that is deleted before it is ready is told then, and its end', () => {
    const watch = observer();
    watch.pod({ kind: 'seen', pod: web({ scheduledMs: 100_000 }), atMs: 100_200 });

    const told = watch.pod({ kind: 'seen', pod: web({}, { deletionMs: 101_000 }), atMs: 101_050 });
    const end = watch.pod({ kind: 'gone', uid: web({}).uid, atMs: 102_000 });

    assert.equal(
      told.find((span) => span.name === 'pod.start-up')?.attributes['outcome'],
      'deleted',
    );
    assert.deepEqual(times(end), { 'pod.terminate': [101_050, 102_000] });
  });

  it('of a Job that ran to its end is whole without having been ready, and without being deleted', () => {
    const watch = observer();
    watch.pod({ kind: 'seen', pod: web({ scheduledMs: 100_000 }), atMs: 100_200 });
    const done = web({
      phase: 'Succeeded',
      scheduledMs: 100_000,
      containers: [container('app', 101_000)],
    });

    const told = watch.pod({ kind: 'seen', pod: done, atMs: 103_000 });
    const early = watch.tick(105_000);
    const later = watch.tick(114_000);

    assert.equal(told.find((span) => span.name === 'pod.start-up')?.failure, undefined);
    assert.deepEqual(early, []);
    assert.deepEqual(
      later.map((span) => span.name),
      ['pod.terminate'],
    );
    const deleted = watch.pod({
      kind: 'seen',
      pod: { ...done, deletionMs: 200_000 },
      atMs: 200_100,
    });
    const gone = watch.pod({ kind: 'gone', uid: done.uid, atMs: 200_200 });
    assert.deepEqual([...deleted, ...gone], []);
  });

  it('that was ready before we came is left to whoever told of it, but for its end', () => {
    const watch = observer();
    const old = web({ phase: 'Running', scheduledMs: 90_000, readyMs: 95_000 });

    const first = watch.pod({ kind: 'seen', pod: old, atMs: 200_000 });
    const end = watch.pod({ kind: 'gone', uid: old.uid, atMs: 300_000 });

    assert.deepEqual(first, []);
    assert.deepEqual(
      end.map((span) => [span.name, span.parentId]),
      [['pod.terminate', undefined]],
    );
  });

  it('that is older than we would wait is told by nobody again, in whatever state we find it', () => {
    const month = 30 * 86_400_000;
    const states: readonly [string, PodSnapshot][] = [
      ['not ready', web({ scheduledMs: 100_000 })],
      ['terminating', web({ scheduledMs: 100_000 }, { deletionMs: month })],
      ['over', web({ phase: 'Succeeded', scheduledMs: 100_000 })],
      ['failed', web({ phase: 'Failed', scheduledMs: 100_000 })],
    ];
    for (const [state, pod] of states) {
      const watch = observer();
      const told = [
        ...watch.pod({ kind: 'seen', pod, atMs: month }),
        ...watch.tick(month + 1000),
        ...watch.tick(month + 100_000),
      ];

      assert.deepEqual(told, [], state);
    }
  });

  it('is not followed where it is another’s, or too many are', () => {
    const others = observer({ concerns: () => false });
    let untold = 0;
    const few = observer({ maxPods: 1, untold: (pods) => (untold += pods) });

    others.pod({ kind: 'seen', pod: web({}), atMs: 0 });
    few.pod({ kind: 'seen', pod: web({}), atMs: 0 });
    for (const atMs of [0, 1])
      few.pod({ kind: 'seen', pod: shopPod('another', { createdMs: 0 }), atMs });
    const tooMany = untold;
    few.finish();

    assert.deepEqual([others.size(), few.size()], [0, 1]);
    assert.deepEqual([tooMany, untold], [1, 2]);
  });

  it('is told with what its status said until then, each once', () => {
    const watch = observer();
    const waits = { 'kube_latency.pod.init_containers': 'setup' };
    const attributes = { 'k8s.container.name': 'app' };
    const creating = { key: 'app/waiting', name: 'Container waiting', attributes };
    const running = { key: 'app/running', name: 'Container running', attributes };

    watch.pod({ kind: 'seen', pod: web({ waits, says: [creating] }), atMs: 100_100 });
    watch.pod({ kind: 'seen', pod: web({ waits, says: [creating] }), atMs: 100_200 });
    const says = [creating, running];
    const ready = web({ waits, says, readyMs: 101_000 });
    const spans = watch.pod({ kind: 'seen', pod: ready, atMs: 101_300 });

    const root = spans.find((span) => span.name === 'pod.start-up');
    assert.equal(root?.attributes['kube_latency.pod.init_containers'], 'setup');
    assert.deepEqual(root?.events, [
      { name: 'Container waiting', attributes, atMs: 100_100 },
      { name: 'Container running', attributes, atMs: 101_300 },
    ]);
    const decoded = decodeRequest(encodePhaseSpans(spans, { 'service.name': 'correlator' }));
    assert.deepEqual(decoded.find((span) => span.name === 'pod.start-up')?.events, [
      'Container waiting',
      'Container running',
    ]);
  });

  it('goes out as OTLP that says how each end is known', () => {
    const spans = startUp(observer());

    const decoded = decodeRequest(encodePhaseSpans(spans, { 'service.name': 'correlator' }));

    const schedule = decoded.find((span) => span.name === 'pod.schedule');
    assert.equal(decoded.length, spans.length);
    assert.equal(schedule?.service, 'correlator');
    assert.deepEqual([schedule?.startNs, schedule?.endNs], [100_000_000_000n, 100_250_000_000n]);
    assert.deepEqual(schedule?.attributes, {
      'k8s.pod.uid': web({}).uid,
      'k8s.pod.name': 'web',
      'k8s.namespace.name': 'shop',
      'k8s.node.name': 'n1',
      'kube_latency.phase.source': 'watch',
      'kube_latency.phase.start_source': 'status',
      'kube_latency.phase.uncertainty': 1.25,
      outcome: 'ok',
    });
  });
});
