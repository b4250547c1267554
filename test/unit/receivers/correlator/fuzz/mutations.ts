import {
  copied,
  encode,
  everyField,
  fieldsAt,
  fixed64,
  message,
  number,
  text,
  varint,
  type Field,
} from './field.ts';
import { idsOf, leaves, spansOf, target } from './places.ts';
import { pick, whole, type Random } from './random.ts';

/** Changes a request, and gives what it changed or added: fields, none where there was none to change, or all the bytes. */
type Mutation = (request: Field[], random: Random) => readonly Field[] | Buffer;

/** One of these, changed: none where there is none. */
function changed(
  random: Random,
  fields: readonly Field[],
  change: (field: Field) => void,
): Field[] {
  if (fields.length === 0) return [];
  const field = pick(random, fields);
  change(field);
  return [field];
}

function added(within: Field[], field: Field): Field[] {
  within.push(field);
  return [field];
}

function claiming(request: Field[], random: Random, claimedLength: number): Field[] {
  const { field, within } = target(random, request);
  return added(within, { ...message(field.number, Buffer.alloc(4)), claimedLength });
}

function deep(levels: number): Field {
  let value: Field = text(1, 'bottom');
  for (let level = 0; level < levels; level++)
    value = message(6, [message(1, [text(1, 'k'), message(2, [value])])]);
  return message(9, [text(1, 'deep'), message(2, [value])]);
}

const unknownNumber = (random: Random): number => 100 + whole(random, 2 ** 20);

const wireTypes = [0, 1, 2, 3, 4, 5, 6, 7];

/** Each does what it is called; all leave most of the request as it was. */
export const mutations = {
  none: () => [],
  truncated: (request, random) => {
    const bytes = encode(request);
    return bytes.subarray(0, whole(random, bytes.length));
  },
  wrongWireType: (request, random) => {
    const { field } = target(random, request);
    field.type = pick(
      random,
      wireTypes.filter((type) => type !== field.type),
    );
    return [field];
  },
  /** 2^32 + 4 is the real length to whoever takes it for a number of 32 bits. */
  hugeLength: (request, random) =>
    claiming(request, random, pick(random, [2 ** 31, 2 ** 32 + 4, 2 ** 40, 2 ** 53, 2 ** 63])),
  lengthPastEnd: (request, random) => claiming(request, random, 5 + whole(random, 1000)),
  zeroId: (request, random) =>
    changed(random, idsOf(request), (id) => {
      id.content = Buffer.alloc(id.content.length);
    }),
  idOfOtherLength: (request, random) =>
    changed(random, idsOf(request), (id) => {
      const length = whole(random, 40);
      id.content = Buffer.alloc(length === id.content.length ? length + 1 : length, 7);
    }),
  linkToItself: (request) =>
    spansOf(request).flatMap(({ content }) =>
      Buffer.isBuffer(content)
        ? []
        : added(
            content,
            message(13, [...fieldsAt(content, 1), ...fieldsAt(content, 2)].map(copied)),
          ),
    ),
  parentIsItself: (request) =>
    spansOf(request).flatMap((span) => {
      if (Buffer.isBuffer(span.content)) return [];
      const ids = fieldsAt(span.content, 2).map((id) => ({ ...id, number: 4 }));
      span.content = [...span.content.filter((field) => field.number !== 4), ...ids];
      return ids;
    }),
  repeated: (request, random) => {
    const { field, within } = target(random, request);
    return added(within, copied(field));
  },
  reordered: (request) => {
    const nested = everyField(request).flatMap(({ field }) =>
      Array.isArray(field.content) ? [field] : [],
    );
    for (const { content } of nested) if (Array.isArray(content)) content.reverse();
    return nested;
  },
  longVarint: (request, random) =>
    changed(random, leaves(request, 0), (field) => {
      field.content = varint(1, 1 + whole(random, 13));
    }),
  unknownField: (request, random) => {
    const at = unknownNumber(random);
    const field = pick(random, [
      number(at, whole(random, 2 ** 31)),
      fixed64(at, 1n),
      message(at, Buffer.alloc(9, 1)),
      { number: at, type: 5, content: Buffer.alloc(4, 1) },
    ]);
    return added(target(random, request).within, field);
  },
  /** Nobody has written one since 2001, yet it is of the wire format. */
  group: (request, random) => {
    const { within } = target(random, request);
    const at = unknownNumber(random);
    return [
      ...added(within, { number: at, type: 3, content: [number(1, 1)] }),
      ...added(within, { number: at, type: 4, content: [] }),
    ];
  },
  longValue: (request, random) => {
    const ids = new Set(idsOf(request));
    const texts = leaves(request, 2).filter((field) => !ids.has(field));
    return changed(random, texts, (field) => {
      field.content = Buffer.alloc(1000 + whole(random, 300_000), 'x');
    });
  },
  deepValue: (request, random) => {
    const { content } = pick(random, spansOf(request));
    return Buffer.isBuffer(content) ? [] : added(content, deep(1 + whole(random, 20)));
  },
  flippedBytes: (request, random) => {
    const bytes = encode(request);
    for (let n = 1 + whole(random, 4); n > 0; n--) {
      const at = whole(random, bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 + whole(random, 255));
    }
    return bytes;
  },
} satisfies Readonly<Record<string, Mutation>>;

export type MutationName = keyof typeof mutations;

export const mutationNames = Object.keys(mutations) as MutationName[];
