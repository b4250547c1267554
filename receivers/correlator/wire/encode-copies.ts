import type { Copy, CopyWriter } from './copy.ts';
import type { Origin } from './request.ts';
import { varintBytes, writeVarint } from './writer.ts';

/** Bytes of a length-delimited field with this many bytes of content and a one-byte tag. */
function fieldSize(contentBytes: number): number {
  return 1 + varintBytes(contentBytes) + contentBytes;
}

function startField(into: Buffer, at: number, number: number, contentBytes: number): number {
  into[at] = (number << 3) | 2;
  return writeVarint(into, at + 1, contentBytes);
}

export interface EncodeOptions {
  /** Size of a request; it is passed only where one span is larger. */
  readonly targetBytes: number;
  readonly writer: CopyWriter;
}

/** Encodes copies as ExportTraceServiceRequests, spans of one origin under one envelope. */
export function encodeCopies(
  copies: readonly Copy[],
  options: EncodeOptions,
): { readonly bytes: Buffer; readonly spans: number }[] {
  const { targetBytes, writer } = options;
  const sizes = copies.map((copy) => writer.size(copy));
  const requests: { bytes: Buffer; spans: number }[] = [];
  let first = 0;
  while (first < copies.length) {
    let end = first;
    let bytes = 0;
    while (end < copies.length && (end === first || bytes + (sizes[end] ?? 0) <= targetBytes))
      bytes += sizes[end++] ?? 0;
    requests.push(encodeOne(copies.slice(first, end), sizes.slice(first, end), options));
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
  { writer }: EncodeOptions,
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
  const into = Buffer.allocUnsafeSlow(total);
  let at = 0;
  for (const { origin, members, scopeBytes, resourceBytes } of groups) {
    at = startField(into, at, 1, resourceBytes);
    at += into.write(origin.resource, at, 'latin1');
    at = startField(into, at, 2, scopeBytes);
    at += into.write(origin.scope, at, 'latin1');
    for (const index of members) {
      at = startField(into, at, 2, sizes[index] ?? 0);
      at = writer.write(copies[index] as Copy, into, at);
    }
  }
  return { bytes: into, spans: copies.length };
}
