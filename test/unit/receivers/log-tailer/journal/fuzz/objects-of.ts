/** Where an object of a journal lies. */
export interface Placed {
  readonly offset: number;
  readonly size: number;
  readonly isCompressed: boolean;
}

/** All objects of a sound journal, as they follow each other. */
export function objectsOf(bytes: Buffer): Placed[] {
  const placed: Placed[] = [];
  const tail = Number(bytes.readBigUInt64LE(136));
  let offset = Number(bytes.readBigUInt64LE(88));
  while (offset <= tail) {
    const size = Number(bytes.readBigUInt64LE(offset + 8));
    placed.push({ offset, size, isCompressed: bytes[offset + 1] !== 0 });
    offset += Math.ceil(size / 8) * 8;
  }
  return placed;
}
