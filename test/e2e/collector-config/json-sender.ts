import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

type Values = Readonly<Record<string, string | number | boolean>>;

/** Who tells it. */
interface Told {
  /** null: it does not say which it is. */
  readonly service?: string | null;
  readonly resource?: Values;
  readonly attributes?: Values;
}

/** A span as the test wants it; ids are random where it does not say. */
export interface JsonSpan extends Told {
  readonly name: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly kind?: 'internal' | 'server' | 'client';
  readonly seconds?: number;
  readonly failed?: boolean;
  readonly traceState?: string;
}

export interface JsonLog extends Told {
  readonly body: string;
  readonly traceId?: string;
}

/** A gauge of one point. */
export interface JsonGauge extends Told {
  readonly name: string;
  readonly unit?: string;
  readonly value: number;
}

/** Sends OTLP in JSON to `url`, a collector's door for OTLP over HTTP; each call is one request. */
export function jsonSender(url: string): {
  spans(spans: readonly JsonSpan[]): Promise<void>;
  logs(logs: readonly JsonLog[]): Promise<void>;
  gauges(gauges: readonly JsonGauge[]): Promise<void>;
} {
  async function post(path: string, body: object): Promise<void> {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200, await answer.text());
  }
  return {
    spans: (spans) =>
      post('/v1/traces', {
        resourceSpans: spans.map((span) => ({
          resource: resourceOf(span),
          scopeSpans: [{ spans: [spanJson(span)] }],
        })),
      }),
    logs: (logs) =>
      post('/v1/logs', {
        resourceLogs: logs.map((log) => ({
          resource: resourceOf(log),
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: String(nowNs()),
                  body: { stringValue: log.body },
                  attributes: attributesOf(log.attributes),
                  traceId: log.traceId ?? '',
                },
              ],
            },
          ],
        })),
      }),
    gauges: (gauges) =>
      post('/v1/metrics', {
        resourceMetrics: gauges.map((gauge) => ({
          resource: resourceOf(gauge),
          scopeMetrics: [
            {
              scope: { name: 'test' },
              metrics: [
                {
                  name: gauge.name,
                  unit: gauge.unit ?? '1',
                  gauge: {
                    dataPoints: [
                      {
                        timeUnixNano: String(nowNs()),
                        asDouble: gauge.value,
                        attributes: attributesOf(gauge.attributes),
                      },
                    ],
                  },
                },
              ],
            },
          ],
        })),
      }),
  };
}

export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}

const kinds = { internal: 1, server: 2, client: 3 } as const;

function spanJson(span: JsonSpan): object {
  const end = nowNs();
  return {
    traceId: span.traceId ?? newTraceId(),
    spanId: span.spanId ?? newSpanId(),
    parentSpanId: span.parentSpanId ?? '',
    traceState: span.traceState ?? '',
    name: span.name,
    kind: kinds[span.kind ?? 'internal'],
    startTimeUnixNano: String(end - BigInt(Math.round((span.seconds ?? 0.001) * 1e9))),
    endTimeUnixNano: String(end),
    attributes: attributesOf(span.attributes),
    status: span.failed === true ? { code: 2 } : {},
  };
}

function resourceOf({ service = 'test', resource = {} }: Told): object {
  return {
    attributes: attributesOf({
      ...(service === null ? {} : { 'service.name': service }),
      ...resource,
    }),
  };
}

function attributesOf(values: Values = {}): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: typed(value) }));
}

function typed(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'number' ? { doubleValue: value } : { boolValue: value };
}

function nowNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
