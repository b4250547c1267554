/** A field of an encoded message: a leaf's bytes (after tag and length), or the fields of a nested message. */
export interface Field {
  number: number;
  /** Wire type. */
  type: number;
  content: Buffer | Field[];
  /** What the length says, where that is not how long the content is. */
  claimedLength?: number;
}

/** `pad` groups of seven zero bits come behind the value, which no encoder adds. */
export function varint(value: number, pad = 0): Buffer {
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

export function encode(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

export function encodeField({ number, type, content, claimedLength }: Field): Buffer {
  const tag = varint(number * 8 + type);
  const bytes = Buffer.isBuffer(content) ? content : encode(content);
  return type === 2
    ? Buffer.concat([tag, varint(claimedLength ?? bytes.length), bytes])
    : Buffer.concat([tag, bytes]);
}

export const message = (number: number, content: Field[] | Buffer): Field => ({
  number,
  type: 2,
  content,
});

export const text = (number: number, content: string): Field =>
  message(number, Buffer.from(content));

export const hex = (number: number, content: string): Field =>
  message(number, Buffer.from(content, 'hex'));

export const number = (field: number, value: number): Field => ({
  number: field,
  type: 0,
  content: varint(value),
});

export function fixed64(field: number, value: bigint): Field {
  const content = Buffer.alloc(8);
  content.writeBigUInt64LE(value);
  return { number: field, type: 1, content };
}

/** Every field of a message and of those inside, with the list it stands in. */
export function everyField(fields: Field[]): { readonly field: Field; readonly within: Field[] }[] {
  return fields.flatMap((field) => [
    { field, within: fields },
    ...(Buffer.isBuffer(field.content) ? [] : everyField(field.content)),
  ]);
}

/** The fields in a message that one path of field numbers leads to. */
export function fieldsAt(fields: readonly Field[], ...path: readonly number[]): Field[] {
  const [first, ...rest] = path;
  const here = fields.filter((field) => field.number === first);
  if (rest.length === 0) return here;
  return here.flatMap(({ content }) =>
    Buffer.isBuffer(content) ? [] : fieldsAt(content, ...rest),
  );
}

export function copied(field: Field): Field {
  const { content } = field;
  return {
    ...field,
    content: Buffer.isBuffer(content) ? Buffer.from(content) : content.map(copied),
  };
}
