import assert from 'node:assert/strict';

import * as api from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import { noFacts, orAsCreated } from '../../../../receivers/pod-prober/facts.ts';
import { phasesOf } from '../../../../receivers/pod-prober/record-phases.ts';
import type { ProbeRecord } from '../../../../receivers/pod-prober/probe-record.ts';
import { spansOf, type SpanSpec } from '../../../../receivers/pod-prober/spans.ts';
import { createTracing } from '../../../../receivers/pod-prober/tracing.ts';
import { derivedSpanId } from '../../../../receivers/shared/derived-id.ts';
import { createSlottedIds } from '../../../../receivers/shared/span-ids.ts';
import { at, pod, record } from './samples.ts';

function specs(of: ProbeRecord): SpanSpec[] {
  const offsets = new Map();
  return spansOf(of, { phases: phasesOf(of, offsets), offsets, traceJoin: 'native' });
}

function named(spans: readonly SpanSpec[], name: string): SpanSpec {
  const span = spans.find((each) => each.name === name);
  assert.ok(span !== undefined, name);
  return span;
}

describe('spansOf', () => {
  it('makes the tree of one pod', () => {
    assert.deepEqual(
      specs(record()).map(({ name, parent, kind }) => [name, parent, kind]),
      [
        ['prober.main', null, 'internal'],
        ['prober.wait-for-pod', 'prober.main', 'internal'],
        ['prober.create-pod', 'prober.main', 'client'],
        ['pod.schedule', 'prober.wait-for-pod', 'internal'],
        ['pod.start', 'prober.wait-for-pod', 'internal'],
        ['pod.ready', 'prober.wait-for-pod', 'internal'],
        ['prober.update-pod', 'prober.main', 'client'],
        ['prober.cleanup', 'prober.main', 'client'],
      ],
    );
  });

  it('puts the names of the pod on every span, and the outcome on the root', () => {
    const spans = specs(record());

    for (const { attributes } of spans) {
      assert.equal(attributes['instance'], '0123456789abcdef');
      assert.equal(attributes['k8s.pod.uid'], 'uid-1');
      assert.equal(attributes['k8s.pod.name'], 'probe-0123456789abcdef');
      assert.equal(attributes['k8s.namespace.name'], 'probes');
      assert.equal(attributes['k8s.node.name'], 'worker');
    }
    const { attributes } = named(spans, 'prober.main');
    assert.equal(attributes['outcome'], 'ok');
    assert.equal(attributes['kube_latency.trace.join'], 'native');
  });

  it('puts its own audit id on each write', () => {
    const spans = specs(record());
    const names = ['prober.create-pod', 'prober.update-pod', 'prober.cleanup'];

    assert.deepEqual(
      names.map((name) => named(spans, name).attributes['audit-id']),
      ['audit-1', 'audit-2', 'audit-3'],
    );
  });

  it('tells on the wait what the pod may wait for and what its status said until it was Ready', () => {
    const of = record();
    const attributes = { 'k8s.container.name': 'probe' };
    const sight = (name: string, arrivalNs: bigint) => ({ key: name, name, attributes, arrivalNs });
    const facts = {
      ...of.facts,
      pod: pod({ waits: { 'kube_latency.pod.init_containers': 'first' } }),
      said: new Map([
        ['b', sight('Container running', at(500))],
        ['a', sight('Container waiting', at(100))],
        ['c', sight('Container terminated', at(900))],
      ]),
    };

    const wait = named(specs({ ...of, facts }), 'prober.wait-for-pod');

    assert.equal(wait.attributes['kube_latency.pod.init_containers'], 'first');
    assert.deepEqual(
      wait.events.map((event) => [event.name, event.atNs, event.attributes]),
      [
        ['Pod found', at(6), {}],
        ['Container waiting', at(100), attributes],
        ['Container running', at(500), attributes],
      ],
    );
  });

  it('says source and uncertainty of every phase', () => {
    for (const { name, attributes } of specs(record()).slice(1)) {
      assert.equal(typeof attributes['kube_latency.phase.source'], 'string', name);
      assert.equal(typeof attributes['kube_latency.phase.uncertainty'], 'number', name);
    }
  });

  it('tells when the pod was found, and what the cluster noted', () => {
    const spans = specs(record());
    const events = (name: string): string[] => named(spans, name).events.map((each) => each.name);

    assert.deepEqual(events('prober.wait-for-pod'), ['Pod found']);
    assert.deepEqual(events('pod.start'), ['Pulled', 'Started']);
    assert.deepEqual(events('prober.cleanup'), ['Killing']);
  });

  it('gives a failed phase status Error with the reason, and the root too', () => {
    const failure = { reason: 'image_pull', message: 'no such image' } as const;
    const spans = specs(record({ waitFailure: failure, waitedNs: at(100), update: null }));

    for (const name of ['pod.start', 'prober.wait-for-pod', 'prober.main']) {
      const { error, attributes } = named(spans, name);
      assert.equal(error, 'no such image');
      assert.equal(attributes['error.type'], 'image_pull');
    }
    const [event] = named(spans, 'pod.start').events.filter(({ name }) => name === 'exception');
    assert.equal(event?.attributes['exception.message'], 'no such image');
    assert.equal(named(spans, 'pod.schedule').error, null);
  });

  it('tells on the span by how much a bound was moved', () => {
    const whole = record();
    const [schedule] = phasesOf(whole, new Map()).filter(({ phase }) => phase === 'schedule');
    assert.ok(schedule !== undefined);
    const notes = [
      { kind: 'start_moved', seconds: 0.002 },
      { kind: 'end_moved', seconds: 0.01 },
    ] as const;
    const trace = {
      phases: [{ ...schedule, notes }],
      offsets: new Map(),
      traceJoin: 'links',
    } as const;
    const { attributes, events } = named(spansOf(whole, trace), 'pod.schedule');

    assert.equal(attributes['kube_latency.phase.start_moved'], 0.002);
    assert.equal(attributes['kube_latency.phase.end_moved'], 0.01);
    assert.deepEqual(
      events.filter(({ name }) => name.endsWith('moved')).map(({ name }) => name),
      ['Phase start moved', 'Phase end moved'],
    );
  });

  it('puts the uid of the create answer on every span of a pod that the watch never showed', () => {
    const facts = orAsCreated(noFacts, pod({ uid: 'uid-of-create' }));
    const spans = specs(record({ facts, update: null }));

    assert.ok(spans.length > 1);
    for (const { attributes } of spans) assert.equal(attributes['k8s.pod.uid'], 'uid-of-create');
  });

  it('draws a negative phase without length, and says how long it would be', () => {
    const whole = record();
    const [schedule] = phasesOf(whole, new Map()).filter(({ phase }) => phase === 'schedule');
    assert.ok(schedule !== undefined);
    const negative = {
      ...schedule,
      endNs: schedule.startNs - 5_000_000n,
      seconds: null,
      notes: [{ kind: 'negative', seconds: -0.005 }],
    } as const;
    const trace = { phases: [negative], offsets: new Map(), traceJoin: 'links' } as const;
    const span = named(spansOf(whole, trace), 'pod.schedule');

    assert.equal(span.startNs, span.endNs);
    assert.equal(span.attributes['kube_latency.phase.negative'], -0.005);
    assert.ok(span.events.some(({ name }) => name === 'Negative phase'));
  });
});

describe('createTracing', () => {
  const { traceId, instance } = record().identity;

  function tracing(sampler: AlwaysOnSampler | AlwaysOffSampler): {
    tracing: ReturnType<typeof createTracing>;
    exporter: InMemorySpanExporter;
  } {
    const exporter = new InMemorySpanExporter();
    const ids = createSlottedIds();
    const spanProcessors = [new SimpleSpanProcessor({ exporter })];
    const provider = new TracerProvider({ idGenerator: ids, sampler, spanProcessors });
    return { exporter, tracing: createTracing(api, provider.getTracer('test'), ids) };
  }

  it('emits the tree with derived ids, parents and the times it is told', () => {
    const { tracing: traces, exporter } = tracing(new AlwaysOnSampler());
    const trace = traces.begin({ traceId, startNs: at(-1), instance });
    trace.finish(specs(record()));
    const finished = exporter.getFinishedSpans();

    assert.equal(trace.sampled, true);
    assert.equal(finished.length, 8);
    const parents: Readonly<Record<string, string>> = {
      'pod.start': 'prober.wait-for-pod',
      'prober.cleanup': 'prober.main',
    };
    for (const span of finished) {
      assert.equal(span.spanContext().traceId, traceId);
      assert.equal(span.spanContext().spanId, derivedSpanId(traceId, span.name));
      const parent = parents[span.name];
      assert.ok(
        parent === undefined || span.parentSpanContext?.spanId === derivedSpanId(traceId, parent),
      );
    }
    const start = finished.find(({ name }) => name === 'pod.start');
    const [seconds, nanos] = start?.endTime ?? [0, 0];
    assert.equal(BigInt(seconds) * 1_000_000_000n + BigInt(nanos), at(500));
  });

  it('emits nothing for a probe that is not sampled', () => {
    const { tracing: traces, exporter } = tracing(new AlwaysOffSampler());
    const trace = traces.begin({ traceId, startNs: at(-1), instance });
    trace.finish(specs(record()));

    assert.equal(trace.sampled, false);
    assert.deepEqual(exporter.getFinishedSpans(), []);
  });

  it('counts a disabled SDK as not sampled', () => {
    const tracer = new api.ProxyTracerProvider().getTracer('test');
    const traces = createTracing(api, tracer, createSlottedIds());
    const trace = traces.begin({ traceId, startNs: at(-1), instance });

    assert.equal(trace.sampled, false);
    assert.doesNotThrow(() => trace.finish(specs(record())));
  });
});
