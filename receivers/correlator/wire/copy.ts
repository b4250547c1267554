import { hash } from 'node:crypto';

import type { Origin } from './request.ts';
import { field, keyValue } from './writer.ts';

/** One encoded span, in the request it came in, or on its own. */
export interface EncodedSpan {
  readonly origin: Origin;
  /** As latin1, one character a byte, it lives in the moving heap and pins no request. */
  readonly content: Buffer | string;
  /** Where it begins, and how long it is. */
  readonly at: number;
  readonly length: number;
  /** Offsets from its beginning; parentIdAt is -1 where it has none. */
  readonly traceIdAt: number;
  readonly spanIdAt: number;
  readonly parentIdAt: number;
  /** It carries k8s.pod.uid itself. */
  readonly namesPod: boolean;
}

/** A span and the place of its copy. */
export interface Copy {
  readonly span: EncodedSpan;
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

/** What is appended to a span, as fields of the Span message, and where the original's ids go into it. */
interface Suffix {
  readonly text: string;
  readonly spanHexAt: number;
  readonly traceHexAt: number;
  readonly linkTraceAt: number;
  readonly linkSpanAt: number;
}

const spanIdBytes = 8;
const traceIdBytes = 16;
const spanMark = 's'.repeat(2 * spanIdBytes);
const traceMark = 't'.repeat(2 * traceIdBytes);

function suffixOf(podUid: string | undefined): Suffix {
  const attributes = [
    keyValue('kube_latency.original_span_id', spanMark),
    keyValue('kube_latency.stitched', true),
    keyValue('kube_latency.original_trace_id', traceMark),
    ...(podUid === undefined ? [] : [keyValue('k8s.pod.uid', podUid)]),
  ].map((attribute) => field(9, attribute));
  const ids = [field(1, Buffer.alloc(traceIdBytes)), field(2, Buffer.alloc(spanIdBytes))];
  const bytes = Buffer.concat([...attributes, field(13, Buffer.concat(ids))]);
  const linkSpanAt = bytes.length - spanIdBytes;
  return {
    text: bytes.toString('latin1'),
    spanHexAt: bytes.indexOf(spanMark),
    traceHexAt: bytes.indexOf(traceMark),
    linkTraceAt: linkSpanAt - 2 - traceIdBytes,
    linkSpanAt,
  };
}

const parentFieldBytes = 2 + spanIdBytes;
const parentTag = (4 << 3) | 2;

export interface CopyWriter {
  /** Bytes of the encoded Span message of a copy. */
  readonly size: (copy: Copy) => number;
  /** Writes the Span message of a copy and returns the offset after it. */
  readonly write: (copy: Copy, into: Buffer, at: number) => number;
}

/** Ids and suffixes remembered before all are forgotten. */
const mostRemembered = 2000;

/** Writes copies; what several have in common is worked out once. */
export function createCopyWriter(): CopyWriter {
  const bare = suffixOf(undefined);
  const suffixes = new Map<string, Suffix>();
  const ids = new Map<string, string>();

  function suffix({ span, podUid }: Copy): Suffix {
    if (span.namesPod) return bare;
    let known = suffixes.get(podUid);
    if (known === undefined) {
      if (suffixes.size >= mostRemembered) suffixes.clear();
      suffixes.set(podUid, (known = suffixOf(podUid)));
    }
    return known;
  }

  function copied(traceId: string, originalSpanId: string): string {
    const key = traceId + originalSpanId;
    let id = ids.get(key);
    if (id === undefined) {
      if (ids.size >= mostRemembered) ids.clear();
      ids.set(key, (id = copiedSpanId(traceId, originalSpanId)));
    }
    return id;
  }

  function writeParent(copy: Copy, into: Buffer, start: number, at: number): number {
    const { span, traceId, parentId } = copy;
    if (span.parentIdAt < 0) {
      if (parentId === undefined) return at;
      into[at] = parentTag;
      into[at + 1] = spanIdBytes;
      into.write(parentId, at + 2, 'hex');
      return at + parentFieldBytes;
    }
    const parentAt = start + span.parentIdAt;
    if (parentId !== undefined) into.write(parentId, parentAt, 'hex');
    else {
      const original = into.toString('hex', parentAt, parentAt + spanIdBytes);
      into.write(copied(traceId, original), parentAt, 'latin1');
    }
    return at;
  }

  return {
    size: (copy) => {
      const added = copy.span.parentIdAt < 0 && copy.parentId !== undefined ? parentFieldBytes : 0;
      return copy.span.length + added + suffix(copy).text.length;
    },
    write: (copy, into, start) => {
      const { span, traceId } = copy;
      if (typeof span.content === 'string') into.write(span.content, start, 'latin1');
      else span.content.copy(into, start, span.at, span.at + span.length);
      const spanIdAt = start + span.spanIdAt;
      const traceIdAt = start + span.traceIdAt;
      const spanHex = into.toString('hex', spanIdAt, spanIdAt + spanIdBytes);
      const traceHex = into.toString('hex', traceIdAt, traceIdAt + traceIdBytes);
      const at = writeParent(copy, into, start, start + span.length);
      const places = suffix(copy);
      into.write(places.text, at, 'latin1');
      into.write(spanHex, at + places.spanHexAt, 'latin1');
      into.write(traceHex, at + places.traceHexAt, 'latin1');
      into.copy(into, at + places.linkTraceAt, traceIdAt, traceIdAt + traceIdBytes);
      into.copy(into, at + places.linkSpanAt, spanIdAt, spanIdAt + spanIdBytes);
      into.write(traceId, traceIdAt, 'hex');
      into.write(copied(traceId, spanHex), spanIdAt, 'latin1');
      return at + places.text.length;
    },
  };
}
