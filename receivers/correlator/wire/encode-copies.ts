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
  /** Most bytes of a request; passed only where one span with what is around it is larger. */
  readonly targetBytes: number;
  readonly writer: CopyWriter;
}

/** Encodes copies as ExportTraceServiceRequests, spans of one origin under one envelope. */
export function encodeCopies(
  copies: readonly Copy[],
  { targetBytes, writer }: EncodeOptions,
): { readonly bytes: Buffer; readonly spans: number }[] {
  const requests: { bytes: Buffer; spans: number }[] = [];
  let batch = createBatch();
  for (const copy of copies) {
    const size = writer.size(copy);
    if (batch.add(copy, size, targetBytes)) continue;
    requests.push(batch.encode(writer));
    batch = createBatch();
    batch.add(copy, size, targetBytes);
  }
  if (copies.length > 0) requests.push(batch.encode(writer));
  return requests;
}

interface Group {
  readonly origin: Origin;
  readonly members: Copy[];
  /** Of each member's Span message. */
  readonly sizes: number[];
  spansBytes: number;
}

/** Bytes of a request that an origin takes beside its spans, at most: two tags, two lengths of up to five bytes. */
function envelopeBytes({ resource, scope }: Origin): number {
  return resource.length + scope.length + 12;
}

/** The copies of one request. */
interface Batch {
  /** False, and nothing added, where a request that holds something would grow beyond mostBytes. */
  readonly add: (copy: Copy, size: number, mostBytes: number) => boolean;
  readonly encode: (writer: CopyWriter) => { readonly bytes: Buffer; readonly spans: number };
}

function createBatch(): Batch {
  const groups = new Map<string, Map<string, Group>>();
  let latest: Group | undefined;
  let bytes = 0;
  let spans = 0;

  /** Spans of one origin mostly follow each other. */
  function find(origin: Origin): Group | undefined {
    if (latest?.origin === origin) return latest;
    return groups.get(origin.resource)?.get(origin.scope);
  }

  function begin(origin: Origin): Group {
    let scopes = groups.get(origin.resource);
    if (scopes === undefined) groups.set(origin.resource, (scopes = new Map()));
    const group = { origin, members: [], sizes: [], spansBytes: 0 };
    scopes.set(origin.scope, group);
    return group;
  }

  return {
    add: (copy, size, mostBytes) => {
      const { origin } = copy.span;
      const known = find(origin);
      const more = fieldSize(size) + (known === undefined ? envelopeBytes(origin) : 0);
      if (spans > 0 && bytes + more > mostBytes) return false;
      latest = known ?? begin(origin);
      latest.members.push(copy);
      latest.sizes.push(size);
      latest.spansBytes += fieldSize(size);
      bytes += more;
      spans++;
      return true;
    },
    encode: (writer) => {
      const all = [...groups.values()].flatMap((scopes) => [...scopes.values()]);
      return { bytes: encodeGroups(all, writer), spans };
    },
  };
}

function encodeGroups(groups: readonly Group[], writer: CopyWriter): Buffer {
  const sized = groups.map((group) => {
    const { origin, spansBytes } = group;
    const scopeBytes = origin.scope.length + spansBytes;
    const resourceBytes = origin.resource.length + fieldSize(scopeBytes);
    return { ...group, scopeBytes, resourceBytes };
  });
  const total = sized.reduce((sum, { resourceBytes }) => sum + fieldSize(resourceBytes), 0);
  const into = Buffer.allocUnsafeSlow(total);
  let at = 0;
  for (const { origin, members, sizes, scopeBytes, resourceBytes } of sized) {
    at = startField(into, at, 1, resourceBytes);
    at += into.write(origin.resource, at, 'latin1');
    at = startField(into, at, 2, scopeBytes);
    at += into.write(origin.scope, at, 'latin1');
    for (let index = 0; index < members.length; index++) {
      at = startField(into, at, 2, sizes[index] ?? 0);
      at = writer.write(members[index] as Copy, into, at);
    }
  }
  return into;
}
