import { SpanKind, SpanStatusCode, type Attributes, type Tracer } from '@opentelemetry/api';

import type { OwnPlace } from '../core/own-place.ts';
import type { Trace } from '../core/record.ts';
import type { Sample } from '../core/sample.ts';
import { networkType } from '../core/target.ts';

export interface OutlierSpansOptions {
  readonly tracer: Pick<Tracer, 'startSpan'>;
  readonly source: () => OwnPlace & { readonly node: string };
  /** A probe that timed out was sent so long before. */
  readonly timeoutMs: number;
  /** Milliseconds of the Unix clock. */
  readonly nowMs: () => number;
}

const transports = { icmp: 'icmp', udp: 'udp', tcp: 'tcp', http: 'tcp' } as const;

/**
 * Makes a span `rtt.probe` of each outlier, for as long as the probe took; it ends when the event loop read the answer, up to a
 * turn of the loop after it came. A failure other than a timeout has no known duration. None is made where the sampler says no.
 */
export function createOutlierSpans(options: OutlierSpansOptions): Trace {
  const { tracer, source, timeoutMs, nowMs } = options;
  return (sample, outlier) => {
    const endMs = nowMs();
    const place = source();
    const span = tracer.startSpan('rtt.probe', {
      kind: SpanKind.CLIENT,
      startTime: endMs - tookMs(sample, timeoutMs),
      root: true,
      attributes: {
        ...attributesOf(sample),
        'kube_latency.rtt.outlier': outlier,
        'source.node': place.node,
        'source.zone': place.zone,
      },
    });
    if (sample.kind === 'failed')
      span.setStatus({ code: SpanStatusCode.ERROR, message: sample.reason });
    span.end(endMs);
    const { traceId, spanId, traceFlags } = span.spanContext();
    return (traceFlags & 1) === 0 ? undefined : { traceId, spanId };
  };
}

function attributesOf(sample: Sample): Attributes {
  const { peer, protocol, port } = sample.target;
  const attributes: Attributes = {
    'network.peer.address': peer.address,
    'network.transport': transports[protocol],
    'network.type': networkType(peer),
    'destination.node': peer.node,
    'destination.zone': peer.zone,
  };
  if (protocol !== 'icmp') attributes['network.peer.port'] = port;
  if (protocol === 'http') attributes['network.protocol.name'] = 'http';
  if (peer.pod !== '') {
    attributes['destination.namespace'] = peer.namespace;
    attributes['destination.pod'] = peer.pod;
  }
  if (sample.kind === 'failed') attributes['error.type'] = sample.reason;
  return attributes;
}

function tookMs(sample: Sample, timeoutMs: number): number {
  if (sample.kind === 'ok') return sample.rttNs / 1e6;
  return sample.reason === 'timeout' ? timeoutMs : 0;
}
