import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { createInterface } from 'node:readline';

type AttributeValue = {
  stringValue?: string;
  intValue?: string | number;
  boolValue?: boolean;
  doubleValue?: number;
};
type Attribute = { key: string; value?: AttributeValue };

/** One span as the gateway's file exporter wrote it. */
export interface FileSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** Nanoseconds since the Unix epoch. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  /** Trace ids. */
  readonly links: readonly string[];
}

interface Request {
  resourceSpans?: {
    resource?: { attributes?: Attribute[] };
    scopeSpans?: {
      spans?: {
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        name: string;
        startTimeUnixNano: string;
        endTimeUnixNano: string;
        attributes?: Attribute[];
        links?: { traceId: string }[];
      }[];
    }[];
  }[];
}

/** All spans in the file at `path` and in those that it was rotated to, in no order. */
export async function readSpans(path: string): Promise<FileSpan[]> {
  const stem = basename(path, extname(path));
  const names = (await readdir(dirname(path))).filter(
    (name) => name.startsWith(stem) && name.endsWith(extname(path)),
  );
  const spans: FileSpan[] = [];
  for (const name of names) {
    const input = createReadStream(join(dirname(path), name));
    for await (const line of createInterface({ input })) spans.push(...spansOf(line));
  }
  return spans;
}

const beginning = '{"resourceSpans":';

/**
 * The spans of one line of the file. A gateway that is killed may leave a line half written, to which the next one is
 * appended: what was not written to its end was not acknowledged either.
 */
export function spansOf(line: string): FileSpan[] {
  for (let at = 0; at >= 0; at = line.indexOf(beginning, at + 1)) {
    const request = parse(line.slice(at));
    if (request !== undefined) return spansIn(request);
  }
  return [];
}

function spansIn(request: Request): FileSpan[] {
  return (request.resourceSpans ?? []).flatMap((resourceSpans) => {
    const resource = plain(resourceSpans.resource?.attributes);
    const spans = (resourceSpans.scopeSpans ?? []).flatMap((scope) => scope.spans ?? []);
    return spans.map((span) => ({
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId ?? '',
      name: span.name,
      startNs: BigInt(span.startTimeUnixNano),
      endNs: BigInt(span.endTimeUnixNano),
      attributes: plain(span.attributes),
      resource,
      links: (span.links ?? []).map((link) => link.traceId),
    }));
  });
}

/** Undefined where it is not whole: whoever waits for what is still being written reads again. */
function parse(text: string): Request | undefined {
  try {
    return JSON.parse(text) as Request;
  } catch {
    return undefined;
  }
}

function plain(attributes: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value = {} }) => [
      key,
      value.stringValue ?? value.intValue ?? value.boolValue ?? value.doubleValue,
    ]),
  );
}
