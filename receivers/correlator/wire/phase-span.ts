import type { PhaseEvent } from '../core/life.ts';
import type { PhaseSpan } from '../core/life-spans.ts';
import type { Moment } from '../core/moment.ts';
import { field, fixed64Field, keyValue, varintField } from './writer.ts';

const internalKind = 1;
const statusError = 2;

function nanos({ atMs }: Pick<Moment, 'atMs'>): bigint {
  return BigInt(Math.round(atMs * 1000)) * 1000n;
}

function encodeEvent(event: PhaseEvent): Buffer {
  return Buffer.concat([
    fixed64Field(1, nanos(event)),
    field(2, event.name),
    ...Object.entries(event.attributes).map(([key, value]) => field(3, keyValue(key, value))),
  ]);
}

function encodeSpan(span: PhaseSpan): Buffer {
  const attributes = {
    'k8s.pod.uid': span.pod.uid,
    'k8s.pod.name': span.pod.name,
    'k8s.namespace.name': span.pod.namespace,
    ...(span.pod.nodeName === undefined ? {} : { 'k8s.node.name': span.pod.nodeName }),
    'kube_latency.phase.source': span.end.source,
    'kube_latency.phase.start_source': span.start.source,
    'kube_latency.phase.uncertainty': (span.start.uncertaintyMs + span.end.uncertaintyMs) / 1000,
    ...span.attributes,
  };
  return Buffer.concat([
    field(1, Buffer.from(span.traceId, 'hex')),
    field(2, Buffer.from(span.spanId, 'hex')),
    ...(span.parentId === undefined ? [] : [field(4, Buffer.from(span.parentId, 'hex'))]),
    field(5, span.name),
    varintField(6, internalKind),
    fixed64Field(7, nanos(span.start)),
    fixed64Field(8, nanos(span.end)),
    ...Object.entries(attributes).map(([key, value]) => field(9, keyValue(key, value))),
    ...span.events.map((event) => field(11, encodeEvent(event))),
    ...span.links.map(({ traceId, spanId }) =>
      field(
        13,
        Buffer.concat([
          field(1, Buffer.from(traceId, 'hex')),
          field(2, Buffer.from(spanId, 'hex')),
          field(4, keyValue('kube_latency.link', 'node.boot')),
        ]),
      ),
    ),
    ...(span.failure === undefined
      ? []
      : [field(15, Buffer.concat([field(2, span.failure), varintField(3, statusError)]))]),
  ]);
}

/** Encodes phase spans as one ExportTraceServiceRequest under the given resource attributes. */
export function encodePhaseSpans(
  spans: readonly PhaseSpan[],
  resource: Readonly<Record<string, string>>,
): Buffer {
  const attributes = Object.entries(resource).map(([key, value]) => field(1, keyValue(key, value)));
  const scope = field(1, field(1, 'kube-latency/correlator'));
  const scopeSpans = Buffer.concat([scope, ...spans.map((span) => field(2, encodeSpan(span)))]);
  return field(1, Buffer.concat([field(1, Buffer.concat(attributes)), field(2, scopeSpans)]));
}
