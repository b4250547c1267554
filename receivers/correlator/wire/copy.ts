import { hash } from 'node:crypto';

import type { Origin } from './request.ts';
import type { SpanFields } from './span.ts';
import { field, keyValue, varintBytes, writeVarint } from './writer.ts';

/** An encoded span kept for a while. In latin1 it lives in the moving heap and pins no receive buffer. */
export interface KeptSpan {
  readonly origin: Origin;
  /** One character a byte. */
  readonly text: string;
  /** Offsets in `text`; parentIdAt is -1 where the span has none. */
  readonly traceIdAt: number;
  readonly spanIdAt: number;
  readonly parentIdAt: number;
  /** It carries k8s.pod.uid itself. */
  readonly namesPod: boolean;
}

/** Copies what the copy needs out of a span that is about to be overwritten. */
export function keep(span: SpanFields, origin: Origin, namesPod: boolean): KeptSpan {
  const { start } = span;
  return {
    origin,
    text: span.bytes.toString('latin1', start, span.end),
    traceIdAt: span.traceIdAt - start,
    spanIdAt: span.spanIdAt - start,
    parentIdAt: span.parentIdAt < 0 ? -1 : span.parentIdAt - start,
    namesPod,
  };
}

/** A kept span and the place of its copy. */
export interface Copy {
  readonly span: KeptSpan;
  /** Trace id of the pod, 32 hex digits. */
  readonly traceId: string;
  readonly podUid: string;
  /** 16 hex digits; undefined: the copy of the span's own parent. */
  readonly parentId: string | undefined;
}

/** Span id of the copy of an original: first 8 bytes of SHA-256("<pod's trace id>:<original span id>"), as latin1. */
export function copiedSpanId(traceId: string, originalSpanId: string): string {
  return hash('sha256', `${traceId}:${originalSpanId}`, 'binary').slice(0, 8);
}

const spanIdMark = '0'.repeat(16);

interface Suffix {
  readonly text: string;
  readonly hexAt: number;
  readonly linkAt: number;
}

/** What is appended to a span: fields of the Span message, with the original's span id left to be written. */
function suffixOf(traceIdHex: string, podUid: string | undefined): Suffix {
  const attributes = [
    keyValue('kube_latency.original_span_id', spanIdMark),
    keyValue('kube_latency.stitched', true),
    keyValue('kube_latency.original_trace_id', traceIdHex),
    ...(podUid === undefined ? [] : [keyValue('k8s.pod.uid', podUid)]),
  ].map((attribute) => field(9, attribute));
  const link = field(
    13,
    Buffer.concat([field(1, Buffer.from(traceIdHex, 'hex')), field(2, Buffer.alloc(8))]),
  );
  const bytes = Buffer.concat([...attributes, link]);
  return {
    text: bytes.toString('latin1'),
    hexAt: bytes.indexOf(spanIdMark),
    linkAt: bytes.length - 8,
  };
}

const parentFieldBytes = 10;
const parentTag = (4 << 3) | 2;

export interface CopyEncoder {
  /** Bytes of the encoded Span message of a copy. */
  readonly size: (copy: Copy) => number;
  /** Writes the Span message of a copy and returns the offset after it. */
  readonly write: (copy: Copy, into: Buffer, at: number) => number;
}

/** An encoder for one batch: it remembers the ids and suffixes of the traces in it. */
export function createCopyEncoder(): CopyEncoder {
  const suffixes = new Map<string, Suffix>();
  const ids = new Map<string, string>();

  function suffix({ span, podUid }: Copy): Suffix {
    const traceId = span.text.slice(span.traceIdAt, span.traceIdAt + 16);
    const key = span.namesPod ? traceId : traceId + podUid;
    let known = suffixes.get(key);
    if (known === undefined) {
      const hex = Buffer.from(traceId, 'latin1').toString('hex');
      known = suffixOf(hex, span.namesPod ? undefined : podUid);
      suffixes.set(key, known);
    }
    return known;
  }

  function copied(traceId: string, originalSpanId: string): string {
    const key = traceId + originalSpanId;
    let id = ids.get(key);
    if (id === undefined) ids.set(key, (id = copiedSpanId(traceId, originalSpanId)));
    return id;
  }

  function writeParent(copy: Copy, into: Buffer, start: number, at: number): number {
    const { span, traceId, parentId } = copy;
    if (span.parentIdAt < 0) {
      if (parentId === undefined) return at;
      into[at] = parentTag;
      into[at + 1] = 8;
      into.write(parentId, at + 2, 'hex');
      return at + parentFieldBytes;
    }
    const parentAt = start + span.parentIdAt;
    if (parentId !== undefined) into.write(parentId, parentAt, 'hex');
    else
      into.write(copied(traceId, into.toString('hex', parentAt, parentAt + 8)), parentAt, 'latin1');
    return at;
  }

  return {
    size: (copy) => {
      const added = copy.span.parentIdAt < 0 && copy.parentId !== undefined ? parentFieldBytes : 0;
      return copy.span.text.length + added + suffix(copy).text.length;
    },
    write: (copy, into, start) => {
      const { span, traceId } = copy;
      into.write(span.text, start, 'latin1');
      const spanIdAt = start + span.spanIdAt;
      const hex = into.toString('hex', spanIdAt, spanIdAt + 8);
      const { text, hexAt, linkAt } = suffix(copy);
      const at = writeParent(copy, into, start, start + span.text.length);
      into.write(text, at, 'latin1');
      into.write(hex, at + hexAt, 'latin1');
      into.copy(into, at + linkAt, spanIdAt, spanIdAt + 8);
      into.write(traceId, start + span.traceIdAt, 'hex');
      into.write(copied(traceId, hex), spanIdAt, 'latin1');
      return at + text.length;
    },
  };
}

/** Bytes of a length-delimited field with this many bytes of content and a one-byte tag. */
function fieldSize(contentBytes: number): number {
  return 1 + varintBytes(contentBytes) + contentBytes;
}

function startField(into: Buffer, at: number, number: number, contentBytes: number): number {
  into[at] = (number << 3) | 2;
  return writeVarint(into, at + 1, contentBytes);
}

/**
 * Encodes copies as ExportTraceServiceRequests of about `targetBytes` each (more only where one span is
 * larger), spans of one origin under one envelope.
 */
export function encodeCopies(
  copies: readonly Copy[],
  targetBytes: number,
): { readonly bytes: Buffer; readonly spans: number }[] {
  const encoder = createCopyEncoder();
  const sizes = copies.map((copy) => encoder.size(copy));
  const requests: { bytes: Buffer; spans: number }[] = [];
  let first = 0;
  while (first < copies.length) {
    let end = first;
    let bytes = 0;
    while (end < copies.length && (end === first || bytes + (sizes[end] ?? 0) <= targetBytes))
      bytes += sizes[end++] ?? 0;
    requests.push(encodeOne(copies.slice(first, end), sizes.slice(first, end), encoder));
    first = end;
  }
  return requests;
}

interface Group {
  readonly origin: Origin;
  readonly members: number[];
  spansBytes: number;
}

function groupByOrigin(copies: readonly Copy[], sizes: readonly number[]): Group[] {
  const groups = new Map<string, Map<string, Group>>();
  copies.forEach(({ span: { origin } }, index) => {
    let scopes = groups.get(origin.resource);
    if (scopes === undefined) groups.set(origin.resource, (scopes = new Map()));
    let group = scopes.get(origin.scope);
    if (group === undefined)
      scopes.set(origin.scope, (group = { origin, members: [], spansBytes: 0 }));
    group.members.push(index);
    group.spansBytes += fieldSize(sizes[index] ?? 0);
  });
  return [...groups.values()].flatMap((scopes) => [...scopes.values()]);
}

function encodeOne(
  copies: readonly Copy[],
  sizes: readonly number[],
  encoder: CopyEncoder,
): { bytes: Buffer; spans: number } {
  const groups = groupByOrigin(copies, sizes).map(({ origin, members, spansBytes }) => {
    const scopeBytes = origin.scope.length + spansBytes;
    return {
      origin,
      members,
      scopeBytes,
      resourceBytes: origin.resource.length + fieldSize(scopeBytes),
    };
  });
  const total = groups.reduce((sum, { resourceBytes }) => sum + fieldSize(resourceBytes), 0);
  const into = Buffer.allocUnsafe(total);
  let at = 0;
  for (const { origin, members, scopeBytes, resourceBytes } of groups) {
    at = startField(into, at, 1, resourceBytes);
    at += into.write(origin.resource, at, 'latin1');
    at = startField(into, at, 2, scopeBytes);
    at += into.write(origin.scope, at, 'latin1');
    for (const index of members) {
      at = startField(into, at, 2, sizes[index] ?? 0);
      at = encoder.write(copies[index] as Copy, into, at);
    }
  }
  return { bytes: into, spans: copies.length };
}
