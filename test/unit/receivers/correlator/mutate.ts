import { spanId, traceId, uid } from './harness.ts';

/** A field of an encoded message: a leaf's bytes (after the tag), or the fields of a nested message. */
interface Field {
  number: number;
  type: number;
  content: Buffer | Field[];
}

/** Random numbers from a seed, in [0, 1). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const whole = (random: Random, below: number): number => Math.floor(random() * below);

function pick<T>(random: Random, items: readonly T[]): T {
  return items[whole(random, items.length)] as T;
}

function varint(value: number, pad = 0): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  for (let i = 0; i < pad; i++) bytes.push(0x80);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) & 0x7f;
  return Buffer.from(bytes);
}

function encode(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

function encodeField({ number, type, content }: Field): Buffer {
  const tag = varint(number * 8 + type);
  const bytes = Buffer.isBuffer(content) ? content : encode(content);
  return type === 2
    ? Buffer.concat([tag, varint(bytes.length), bytes])
    : Buffer.concat([tag, bytes]);
}

const message = (number: number, content: Field[] | Buffer): Field => ({
  number,
  type: 2,
  content,
});
const text = (number: number, content: string): Field => message(number, Buffer.from(content));
const hex = (number: number, content: string): Field =>
  message(number, Buffer.from(content, 'hex'));

function fixed64(number: number, value: bigint): Field {
  const content = Buffer.alloc(8);
  content.writeBigUInt64LE(value);
  return { number, type: 1, content };
}

function attribute(key: string, value: string): Field {
  return message(9, [text(1, key), message(2, [text(1, value)])]);
}

const podNames = ['p1', 'p2', 'p3'];

function attributesOf(random: Random): Field[] {
  const pod = pick(random, podNames);
  return pick(random, [
    [attribute('k8s.pod.uid', uid(pod))],
    [
      attribute('sandbox.id', `s-${pod}`),
      attribute('sandbox.name', `${pod}_kube-latency_${uid(pod)}_0`),
    ],
    [attribute('container.id', `c-${pod}`)],
    [attribute('http.target', `/api/v1/namespaces/kube-latency/pods/${pod}/status`)],
    [attribute('url.full', `https://10.0.0.1:6443/api/v1/namespaces/kube-latency/pods/${pod}`)],
    [attribute('key', `/registry/pods/kube-latency/${pod}`)],
    [attribute('rpc.system', 'grpc')],
  ]);
}

function span(random: Random, trace: string): Field {
  const id = `${trace} ${whole(random, 50)}`;
  const startNs = 100_000_000_000n + BigInt(whole(random, 1_000_000)) * 1000n;
  return message(2, [
    hex(1, traceId(trace)),
    hex(2, spanId(id)),
    ...(random() < 0.7 ? [hex(4, spanId(`${trace} ${whole(random, 50)}`))] : []),
    text(
      5,
      pick(random, [
        'syncPod',
        'HTTP GET',
        'authentication',
        'runtime.v1.RuntimeService/StopContainer',
      ]),
    ),
    { number: 6, type: 0, content: varint(1 + whole(random, 3)) },
    fixed64(7, startNs),
    fixed64(8, startNs + 1_000_000n),
    ...attributesOf(random),
    message(11, [fixed64(1, startNs), text(2, 'an event')]),
    ...(random() < 0.2
      ? [message(13, [hex(1, traceId(`t${whole(random, 300)}`)), hex(2, spanId(id))])]
      : []),
    message(15, [{ number: 3, type: 0, content: varint(1) }]),
  ]);
}

function request(random: Random, spans: number): Field[] {
  const trace = (): string => `t${whole(random, 300)}`;
  const one = trace();
  const resource = message(1, [
    message(1, [
      text(1, 'service.name'),
      message(2, [text(1, pick(random, ['kubelet', 'containerd', 'apiserver', 'etcd', 'else']))]),
    ]),
  ]);
  const items = Array.from({ length: spans }, () => span(random, spans > 100 ? one : trace()));
  return [message(1, [resource, message(2, [message(1, [text(1, 'scope')]), ...items])])];
}

/** Every field of a message and of those inside, with the list it stands in. */
function all(fields: Field[]): { field: Field; within: Field[] }[] {
  return fields.flatMap((field) => [
    { field, within: fields },
    ...(Buffer.isBuffer(field.content) ? [] : all(field.content)),
  ]);
}

/** Spans are what is mutated most: three envelopes stand around them. */
function target(random: Random, fields: Field[]): { field: Field; within: Field[] } {
  const every = all(fields);
  return every[every.length < 8 ? 0 : 6 + whole(random, every.length - 6)] ?? pick(random, every);
}

type Mutation = (fields: Field[], random: Random) => Buffer | undefined;

const idFields = (fields: Field[]): Field[] =>
  all(fields)
    .map(({ field }) => field)
    .filter(({ content }) => Buffer.isBuffer(content) && [8, 16].includes(content.length));

function deep(levels: number): Field {
  let value: Field = text(1, 'bottom');
  for (let level = 0; level < levels; level++)
    value = message(6, [message(1, [text(1, 'k'), message(2, [value])])]);
  return message(9, [text(1, 'deep'), message(2, [value])]);
}

const mutations: Readonly<Record<string, Mutation>> = {
  none: () => undefined,
  truncated: (fields, random) => {
    const bytes = encode(fields);
    return bytes.subarray(0, whole(random, bytes.length));
  },
  wrongWireType: (fields, random) => {
    target(random, fields).field.type = whole(random, 8);
    return undefined;
  },
  hugeLength: (fields, random) => {
    const { field, within } = target(random, fields);
    const length = varint(pick(random, [2 ** 31, 2 ** 40, 2 ** 53, field.number + 1000]));
    within.push({ number: field.number, type: 2, content: Buffer.alloc(0) });
    const last = within.at(-1) as Field;
    last.type = 5;
    last.content = Buffer.concat([length, Buffer.alloc(4)]);
    return undefined;
  },
  zeroId: (fields, random) => {
    const field = pick(random, idFields(fields));
    field.content = Buffer.alloc((field.content as Buffer).length);
    return undefined;
  },
  idOfOtherLength: (fields, random) => {
    pick(random, idFields(fields)).content = Buffer.alloc(whole(random, 40), 7);
    return undefined;
  },
  linkToItself: (fields) => {
    for (const { field } of all(fields))
      if (field.number === 2 && Array.isArray(field.content) && field.content[0]?.number === 1)
        field.content.push(message(13, field.content.slice(0, 2)));
    return undefined;
  },
  parentIsItself: (fields) => {
    for (const { field } of all(fields)) {
      if (field.number !== 2 || !Array.isArray(field.content)) continue;
      const id = field.content.find(({ number }) => number === 2)?.content;
      if (Buffer.isBuffer(id)) field.content.push(message(4, id));
    }
    return undefined;
  },
  repeated: (fields, random) => {
    const { field, within } = target(random, fields);
    within.push(structuredCloneField(field));
    return undefined;
  },
  reordered: (fields) => {
    for (const { field } of all(fields)) if (Array.isArray(field.content)) field.content.reverse();
    return undefined;
  },
  longVarint: (fields, random) => {
    target(random, fields).within.push({
      number: 6,
      type: 0,
      content: varint(1, 6 + whole(random, 8)),
    });
    return undefined;
  },
  unknownField: (fields, random) => {
    const number = 100 + whole(random, 2 ** 20);
    target(random, fields).within.push({
      number,
      type: pick(random, [0, 1, 2, 3, 4, 5]),
      content: Buffer.alloc(9, 1),
    });
    return undefined;
  },
  longValue: (fields, random) => {
    const { field } = target(random, fields);
    if (Buffer.isBuffer(field.content))
      field.content = Buffer.alloc(1 + whole(random, 300_000), 'x');
    return undefined;
  },
  deepValue: (fields, random) => {
    target(random, fields).within.push(deep(1 + whole(random, 20)));
    return undefined;
  },
  flippedBytes: (fields, random) => {
    const bytes = encode(fields);
    for (let n = 1 + whole(random, 4); n > 0; n--)
      bytes[whole(random, bytes.length)] = whole(random, 256);
    return bytes;
  },
};

function structuredCloneField({ number, type, content }: Field): Field {
  return {
    number,
    type,
    content: Buffer.isBuffer(content) ? Buffer.from(content) : content.map(structuredCloneField),
  };
}

const names = Object.keys(mutations);

/** One OTLP trace request, mutated somewhere in its structure so that most of it can still be read. */
export function mutatedRequest(random: Random): Buffer {
  const fields = request(random, random() < 0.0005 ? 10_000 : 1 + whole(random, 6));
  let bytes: Buffer | undefined;
  for (let n = 1 + whole(random, 2); n > 0 && bytes === undefined; n--)
    bytes = mutations[pick(random, names)]?.(fields, random);
  return bytes ?? encode(fields);
}
