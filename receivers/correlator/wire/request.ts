import { attributeKeys, readAttribute, slotOf } from './attributes.ts';
import { bad, readLength, readTag, skipField, wireType, type Cursor } from './reader.ts';
import { hasShape, shapes } from './shape.ts';
import { readSpan, type Malformed, type SpanFields } from './span.ts';

/**
 * Where a span came from, as encoded: the fields of its ResourceSpans and of its ScopeSpans other than the
 * spans, in latin1. Spans of the same origin can share one envelope.
 */
export interface Origin {
  readonly resource: string;
  readonly scope: string;
  /** Spans that keep it in memory. */
  users: number;
}

export interface RequestReader {
  /** Called first for each resource: says whether spans of its service.name are of use. */
  readonly wanted: (service: string) => boolean;
  /** One sound span. `origin` builds the envelope on demand, once for all spans that share it. */
  readonly span: (span: SpanFields, origin: () => Origin) => void;
  /** So many spans of a service that is not wanted. */
  readonly unwanted: (count: number) => void;
  readonly malformed: (why: Malformed | 'span_too_large') => void;
}

const repeatedField = (2 << 3) | wireType.bytes;
const firstField = (1 << 3) | wireType.bytes;
const schemaUrlField = (3 << 3) | wireType.bytes;
const droppedCountField = 2 << 3;
const serviceSlot = slotOf('service.name');

interface Range {
  readonly at: number;
  readonly end: number;
}

/** A message split into its repeated field 2 (the spans, or the envelopes of them) and the rest. */
interface Split {
  readonly items: readonly Range[];
  readonly rest: readonly Range[];
  /** Field 1: the resource, or the scope. */
  readonly first: Range | undefined;
}

/**
 * Walks an encoded ExportTraceServiceRequest without building objects for what it holds.
 * Undefined when its envelopes are sound; single spans that are not are told one by one.
 */
export function readRequest(
  bytes: Buffer,
  span: SpanFields,
  reader: RequestReader,
  maxSpanBytes: number,
): Malformed | undefined {
  const cursor: Cursor = { bytes, at: 0, end: bytes.length };
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === firstField) {
      const length = readLength(cursor);
      if (length === bad) return 'truncated';
      const range = { at: cursor.at, end: cursor.at + length };
      const wrong = readResourceSpans(bytes, range, { span, reader, maxSpanBytes });
      if (wrong !== undefined) return wrong;
      cursor.at = range.end;
    } else if (tag >>> 3 === 1) return 'wrong_wire_type';
    else if (tag === bad || !skipField(cursor, tag & 7)) return 'truncated';
  }
  return undefined;
}

interface Work {
  readonly span: SpanFields;
  readonly reader: RequestReader;
  readonly maxSpanBytes: number;
}

function readResourceSpans(bytes: Buffer, range: Range, work: Work): Malformed | undefined {
  const resourceSpans = split(bytes, range);
  if (typeof resourceSpans === 'string') return resourceSpans;
  const service = serviceName(bytes, resourceSpans.first);
  if (service === undefined) return 'bad_attribute';
  const wanted = work.reader.wanted(service);
  let resource: string | undefined;
  for (const item of resourceSpans.items) {
    const scopeSpans = split(bytes, item);
    if (typeof scopeSpans === 'string') return scopeSpans;
    if (!isScope(bytes, scopeSpans.first)) return 'bad_attribute';
    if (!wanted) {
      work.reader.unwanted(scopeSpans.items.length);
      continue;
    }
    if (lengthOf(resourceSpans.rest) + lengthOf(scopeSpans.rest) > work.maxSpanBytes) {
      for (const _ of scopeSpans.items) work.reader.malformed('span_too_large');
      continue;
    }
    let origin: Origin | undefined;
    readSpans(bytes, scopeSpans.items, work, () => {
      resource ??= textOf(bytes, resourceSpans.rest);
      return (origin ??= { resource, scope: textOf(bytes, scopeSpans.rest), users: 0 });
    });
  }
  return undefined;
}

function readSpans(
  bytes: Buffer,
  items: readonly Range[],
  { span, reader, maxSpanBytes }: Work,
  origin: () => Origin,
): void {
  const cursor: Cursor = { bytes, at: 0, end: 0 };
  for (const { at, end } of items) {
    if (end - at > maxSpanBytes) {
      reader.malformed('span_too_large');
      continue;
    }
    cursor.at = at;
    cursor.end = end;
    const wrong = readSpan(cursor, span);
    if (wrong === undefined) reader.span(span, origin);
    else reader.malformed(wrong);
  }
}

function split(bytes: Buffer, range: Range): Split | Malformed {
  const cursor: Cursor = { bytes, ...range };
  const items: Range[] = [];
  const rest: Range[] = [];
  let first: Range | undefined;
  while (cursor.at < cursor.end) {
    const start = cursor.at;
    const tag = readTag(cursor);
    if (tag === repeatedField || tag === firstField) {
      const length = readLength(cursor);
      if (length === bad) return 'truncated';
      const item = { at: cursor.at, end: cursor.at + length };
      cursor.at = item.end;
      if (tag === repeatedField) {
        items.push(item);
        continue;
      }
      if (first !== undefined) return 'repeated_field';
      first = item;
    } else if (tag >>> 3 <= 3 && tag !== schemaUrlField) return 'wrong_wire_type';
    else if (tag === bad || !skipField(cursor, tag & 7)) return 'truncated';
    rest.push({ at: start, end: cursor.at });
  }
  return { items, rest, first };
}

function lengthOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { at, end }) => sum + end - at, 0);
}

function textOf(bytes: Buffer, ranges: readonly Range[]): string {
  return ranges.map(({ at, end }) => bytes.toString('latin1', at, end)).join('');
}

function isScope(bytes: Buffer, scope: Range | undefined): boolean {
  return scope === undefined || hasShape({ bytes, ...scope }, shapes.scope);
}

/** The service.name of an encoded Resource, '' where it has none; undefined when it is malformed. */
function serviceName(bytes: Buffer, resource: Range | undefined): string | undefined {
  if (resource === undefined) return '';
  const cursor: Cursor = { bytes, ...resource };
  const values = attributeKeys.map(() => '');
  while (cursor.at < resource.end) {
    const tag = readTag(cursor);
    if (tag === firstField) {
      const length = readLength(cursor);
      if (length === bad) return undefined;
      const after = cursor.at + length;
      cursor.end = after;
      if (!readAttribute(cursor, values)) return undefined;
      cursor.end = resource.end;
      cursor.at = after;
    } else if (tag >>> 3 <= 2 && tag !== droppedCountField) return undefined;
    else if (tag === bad || !skipField(cursor, tag & 7)) return undefined;
  }
  return values[serviceSlot] ?? '';
}
