import assert from 'node:assert/strict';

import protobuf from 'protobufjs';

import { decodeRequest, type DecodedSpan } from '../otlp.ts';
import { encode, encodeField, everyField, type Field } from './field.ts';
import { mutationNames, mutations, type MutationName } from './mutations.ts';
import { randomRequest } from './random-request.ts';
import { seeded } from './random.ts';

interface Mutated {
  /** The request without the mutation. */
  readonly original: Field[];
  readonly request: Field[];
  /** The fields that the mutation names. */
  readonly fields: readonly Field[];
  readonly bytes: Buffer;
}

function mutated(name: MutationName, seed: number): Mutated {
  const request = randomRequest(seeded(seed), 3);
  const done = mutations[name](request, seeded(seed + 1000));
  return {
    original: randomRequest(seeded(seed), 3),
    request,
    fields: Buffer.isBuffer(done) ? [] : done,
    bytes: Buffer.isBuffer(done) ? done : encode(request),
  };
}

interface Header {
  readonly number: number;
  readonly type: number;
  /** Of a field that has one. */
  readonly length: number;
  /** Bytes behind the header. */
  readonly left: number;
}

/** What a field says of itself, as another codec reads it. */
function headerOf(field: Field): Header {
  const reader = protobuf.Reader.create(encodeField(field));
  const tag = reader.uint32();
  const type = tag & 7;
  const claimed = type === 2 ? reader.uint64() : 0;
  const length =
    typeof claimed === 'number' ? claimed : (claimed.high >>> 0) * 2 ** 32 + (claimed.low >>> 0);
  return { number: tag >>> 3, type, length, left: reader.len - reader.pos };
}

/** The one field that was changed, as it is and as it was. */
function change({ original, request, fields }: Mutated): { now: Field; before: Field } {
  const [now] = fields;
  const index = everyField(request).findIndex(({ field }) => field === now);
  const before = everyField(original)[index]?.field;
  assert.ok(fields.length === 1 && now !== undefined && before !== undefined);
  return { now, before };
}

/** The one field that was added, the last of its message. */
function addition({ request, fields }: Mutated): { field: Field; within: Field[] } {
  const found = everyField(request).find(({ field }) => field === fields.at(-1));
  assert.ok(found !== undefined && found.within.at(-1) === found.field);
  return found;
}

const idsOf = (spans: readonly DecodedSpan[]): string[] => spans.map(({ spanId }) => spanId);

/** The request is sound, and its spans are those that it had. */
function sameSpans({ original, bytes }: Mutated): void {
  assert.deepEqual(idsOf(decodeRequest(bytes)), idsOf(decodeRequest(encode(original))));
}

const checks: Readonly<Record<MutationName, (mutation: Mutated) => void>> = {
  none: ({ bytes, original }) => assert.deepEqual(bytes, encode(original)),
  truncated: ({ bytes, original }) => {
    const whole = encode(original);
    assert.ok(bytes.length < whole.length);
    assert.deepEqual(bytes, whole.subarray(0, bytes.length));
  },
  wrongWireType: (mutation) => {
    const { now, before } = change(mutation);
    assert.equal(headerOf(now).number, before.number);
    assert.notEqual(headerOf(now).type, before.type);
  },
  hugeLength: (mutation) => {
    const { type, length, left } = headerOf(addition(mutation).field);
    assert.equal(type, 2);
    assert.ok(length >= 2 ** 31 && left === 4, `${length} of ${left}`);
  },
  lengthPastEnd: (mutation) => {
    const { type, length, left } = headerOf(addition(mutation).field);
    assert.equal(type, 2);
    assert.ok(length > left && length < left + 1001, `${length} of ${left}`);
  },
  zeroId: (mutation) => {
    const { now, before } = change(mutation);
    const { number, type, length } = headerOf(now);
    assert.ok([1, 2, 4].includes(number) && type === 2 && [8, 16].includes(length));
    assert.deepEqual(now.content, Buffer.alloc(before.content.length));
  },
  idOfOtherLength: (mutation) => {
    const { now, before } = change(mutation);
    const { number, type, length } = headerOf(now);
    assert.ok([1, 2, 4].includes(number) && type === 2);
    assert.ok([8, 16].includes(before.content.length) && length !== before.content.length);
  },
  linkToItself: (mutation) => {
    sameSpans(mutation);
    for (const { traceId, spanId, links } of decodeRequest(mutation.bytes))
      assert.deepEqual(links.at(-1), { traceId, spanId });
  },
  parentIsItself: (mutation) => {
    sameSpans(mutation);
    for (const { spanId, parentId } of decodeRequest(mutation.bytes))
      assert.equal(parentId, spanId);
  },
  repeated: (mutation) => {
    const { field, within } = addition(mutation);
    const alike = within.filter((other) => encodeField(other).equals(encodeField(field)));
    assert.ok(alike.length > 1);
  },
  reordered: (mutation) => {
    const turned = idsOf(decodeRequest(mutation.bytes)).toReversed();
    assert.deepEqual(turned, idsOf(decodeRequest(encode(mutation.original))));
    assert.equal(mutation.bytes.length, encode(mutation.original).length);
  },
  longVarint: (mutation) => {
    const { now } = change(mutation);
    const { type, left } = headerOf(now);
    assert.equal(type, 0);
    assert.ok(left >= 2 && left <= 14, `${left}`);
    assert.ok(Buffer.isBuffer(now.content));
    assert.deepEqual(
      [...now.content.subarray(1, -1)].filter((byte) => byte !== 0x80),
      [],
    );
    assert.equal(now.content.at(-1), 0);
  },
  unknownField: (mutation) => {
    assert.ok(headerOf(addition(mutation).field).number >= 100);
    sameSpans(mutation);
  },
  group: (mutation) => {
    const { field: end } = addition(mutation);
    assert.deepEqual(
      mutation.fields.map((field) => headerOf(field).type),
      [3, 4],
    );
    assert.equal(mutation.fields[0]?.number, end.number);
    sameSpans(mutation);
  },
  longValue: (mutation) => {
    const { now, before } = change(mutation);
    const { number, type, length, left } = headerOf(now);
    assert.ok(number === before.number && type === 2);
    assert.ok(length >= 1000 && length === left, `${length} of ${left}`);
  },
  deepValue: (mutation) => {
    sameSpans(mutation);
    assert.equal(headerOf(addition(mutation).field).number, 9);
    assert.ok(
      decodeRequest(mutation.bytes).some(({ attributeKeys }) => attributeKeys.at(-1) === 'deep'),
    );
  },
  flippedBytes: ({ bytes, original }) => {
    const whole = encode(original);
    assert.equal(bytes.length, whole.length);
    const flipped = bytes.filter((byte, at) => byte !== whole[at]);
    assert.ok(flipped.length >= 1 && flipped.length <= 4, `${flipped.length} bytes`);
  },
};

describe('a mutation', () => {
  for (const name of mutationNames)
    it(`called ${name} is one`, () => {
      for (let seed = 0; seed < 100; seed++) checks[name](mutated(name, seed));
    });
});
