import { readFile } from 'node:fs/promises';

type Value = Readonly<Record<string, unknown>>;
type Attributes = readonly { readonly key: string; readonly value?: Value }[];

/** One log record as a collector's file exporter wrote it. */
export interface FileLog {
  readonly body: unknown;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** One data point of any kind of metric. */
export interface FilePoint {
  readonly metric: string;
  readonly unit: string;
  /** The point itself: asDouble, asInt, count, sum, bucketCounts, exemplars. */
  readonly point: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

interface Lines {
  readonly resourceLogs?: readonly {
    readonly resource?: { readonly attributes?: Attributes };
    readonly scopeLogs?: readonly {
      readonly logRecords?: readonly {
        readonly body?: Value;
        readonly traceId?: string;
        readonly spanId?: string;
        readonly attributes?: Attributes;
      }[];
    }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly resource?: { readonly attributes?: Attributes };
    readonly scopeMetrics?: readonly {
      readonly metrics?: readonly (Readonly<
        Record<string, { readonly dataPoints?: readonly Point[] }>
      > & {
        readonly name: string;
        readonly unit?: string;
      })[];
    }[];
  }[];
}

type Point = Readonly<Record<string, unknown>> & { readonly attributes?: Attributes };

/** All log records in a file of OTLP JSON lines; none where there is no file. */
export async function readLogs(path: string): Promise<FileLog[]> {
  return (await readLines(path)).flatMap(({ resourceLogs = [] }) =>
    resourceLogs.flatMap(({ resource, scopeLogs = [] }) =>
      scopeLogs
        .flatMap(({ logRecords = [] }) => logRecords)
        .map(({ body = {}, traceId = '', spanId = '', attributes }) => ({
          body: plainValue(body),
          traceId,
          spanId,
          attributes: plain(attributes),
          resource: plain(resource?.attributes),
        })),
    ),
  );
}

const shapes = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;

/** All data points in a file of OTLP JSON lines; none where there is no file. */
export async function readPoints(path: string): Promise<FilePoint[]> {
  return (await readLines(path)).flatMap(({ resourceMetrics = [] }) =>
    resourceMetrics.flatMap(({ resource, scopeMetrics = [] }) =>
      scopeMetrics
        .flatMap(({ metrics = [] }) => metrics)
        .flatMap((metric) =>
          shapes
            .flatMap((shape) => metric[shape]?.dataPoints ?? [])
            .map(({ attributes, ...point }) => ({
              metric: metric.name,
              unit: metric.unit ?? '',
              point,
              attributes: plain(attributes),
              resource: plain(resource?.attributes),
            })),
        ),
    ),
  );
}

/** A line that is still being written counts as empty: whoever waits reads again. */
async function readLines(path: string): Promise<Lines[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').map((line) => {
    try {
      return JSON.parse(line) as Lines;
    } catch {
      return {};
    }
  });
}

function plain(attributes: Attributes = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value = {} }) => [key, plainValue(value)]));
}

function plainValue(value: Value): unknown {
  return Object.values(value)[0];
}
