import type * as Api from '@opentelemetry/api';
import type { Context, Span, SpanStatusCode, Tracer } from '@opentelemetry/api';

import { derivedSpanId } from '../shared/derived-id.ts';
import type { SlottedIds } from '../shared/span-ids.ts';
import { mainSpan, type SpanSpec } from './spans.ts';

/** The root span of one probe, open from its start so that the sampler has decided before the create. */
export interface OpenTrace {
  readonly sampled: boolean;
  /** Emits the whole tree; the first spec is the root. */
  readonly finish: (spans: readonly SpanSpec[]) => void;
}

export interface Tracing {
  readonly begin: (trace: { traceId: string; startNs: bigint; instance: string }) => OpenTrace;
}

type HrTime = [number, number];

function hrTime(ns: bigint): HrTime {
  return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
}

function complete(span: Span, spec: SpanSpec, errorCode: SpanStatusCode): void {
  span.setAttributes(spec.attributes);
  for (const event of spec.events) span.addEvent(event.name, event.attributes, hrTime(event.atNs));
  if (spec.error !== null) span.setStatus({ code: errorCode, message: spec.error });
  span.end(hrTime(spec.endNs));
}

/** Makes spans with derived ids through the OpenTelemetry SDK, with the times they are told. */
export function createTracing(
  api: Pick<typeof Api, 'ROOT_CONTEXT' | 'trace' | 'SpanKind' | 'SpanStatusCode'>,
  tracer: Tracer,
  ids: SlottedIds,
): Tracing {
  const errorCode = api.SpanStatusCode.ERROR;
  const kinds = { internal: api.SpanKind.INTERNAL, client: api.SpanKind.CLIENT } as const;

  function child(traceId: string, spec: SpanSpec, parent: Context): Span {
    const spanId = derivedSpanId(traceId, spec.name);
    const options = { kind: kinds[spec.kind], startTime: hrTime(spec.startNs) };
    return ids.withIds({ traceId, spanId }, () => tracer.startSpan(spec.name, options, parent));
  }

  function emit(traceId: string, root: Span, spans: readonly SpanSpec[]): void {
    const contexts = new Map([[mainSpan, api.trace.setSpan(api.ROOT_CONTEXT, root)]]);
    const [rootSpec, ...children] = spans;
    for (const spec of children) {
      const parent = contexts.get(spec.parent ?? mainSpan) ?? api.ROOT_CONTEXT;
      const span = child(traceId, spec, parent);
      contexts.set(spec.name, api.trace.setSpan(parent, span));
      complete(span, spec, errorCode);
    }
    if (rootSpec !== undefined) complete(root, rootSpec, errorCode);
  }

  return {
    begin: ({ traceId, startNs, instance }) => {
      const spanId = derivedSpanId(traceId, mainSpan);
      const options = { root: true, startTime: hrTime(startNs), attributes: { instance } };
      const root = ids.withIds({ traceId, spanId }, () =>
        tracer.startSpan(mainSpan, options, api.ROOT_CONTEXT),
      );
      const sampled =
        root.spanContext().traceId === traceId && (root.spanContext().traceFlags & 1) === 1;
      return {
        sampled,
        finish: (spans) => {
          if (sampled) emit(traceId, root, spans);
          else root.end();
        },
      };
    },
  };
}
