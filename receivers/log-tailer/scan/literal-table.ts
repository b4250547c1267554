/** Bytes of a window: three in a row stand for a literal until it is compared. */
export const windowBytes = 3;
export const bucketCount = 8;
/** Before a set of literals: room that the scan works in. */
export const roomBytes = 16;

const setBytes = 168;
const entryBytes = 24;

/**
 * A set of literals as literal-scan.wat reads it, its first byte at address `at` and the set itself `roomBytes` after that.
 * Literals are numbered as they come; each has three bytes at least.
 */
export function literalTable(literals: readonly Buffer[], at: number): Buffer {
  const windows = literals.map((literal, number) => ({ literal, number, place: rarest(literal) }));
  const buckets = bucketsOf(windows);
  const setAt = at + roomBytes;
  const entriesAt = setAt + setBytes;
  const literalsAt = entriesAt + literals.length * entryBytes;
  const bytes = literals.reduce((sum, { length }) => sum + length, 0);
  const table = Buffer.alloc(literalsAt + bytes - at);
  table.writeUInt32LE(entriesAt, setAt + 160 - at);
  table.writeUInt32LE(literalsAt, setAt + 164 - at);
  let entry = entriesAt - at;
  let text = literalsAt - at;
  for (const [bucket, members] of buckets.entries()) {
    const range = roomBytes + 96 + 8 * bucket;
    table.writeUInt32LE(at + entry, range);
    for (const { literal, number, place } of members) {
      literal.copy(table, entry, place, place + windowBytes);
      for (const [field, value] of [place, literal.length, at + text, number].entries())
        table.writeUInt32LE(value, entry + 4 + 4 * field);
      markBytes(
        table.subarray(roomBytes),
        literal.subarray(place, place + windowBytes),
        1 << bucket,
      );
      text += literal.copy(table, text);
      entry += entryBytes;
    }
    table.writeUInt32LE(at + entry, range + 4);
  }
  return table;
}

interface Window {
  readonly literal: Buffer;
  readonly number: number;
  /** Where in the literal the window begins. */
  readonly place: number;
}

/** Windows with bytes in common come into one bucket: that lets the fewest other bytes through. */
function bucketsOf(windows: readonly Window[]): readonly Window[][] {
  const key = ({ literal, place }: Window) =>
    literal.subarray(place, place + windowBytes).toString('latin1');
  const sorted = windows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const buckets = Array.from({ length: bucketCount }, (): Window[] => []);
  for (const [index, window] of sorted.entries())
    buckets[Math.floor((index * bucketCount) / sorted.length)]?.push(window);
  return buckets;
}

function markBytes(set: Buffer, window: Buffer, bit: number): void {
  for (const [place, byte] of window.entries()) {
    const low = 32 * place + (byte & 15);
    const high = 32 * place + 16 + (byte >> 4);
    set.writeUInt8(set.readUInt8(low) | bit, low);
    set.writeUInt8(set.readUInt8(high) | bit, high);
  }
}

/** Where the three bytes in a row are that logs have least. */
function rarest(literal: Buffer): number {
  const places = Array.from({ length: literal.length - windowBytes + 1 }, (_, place) => place);
  const cost = (place: number) =>
    literal.subarray(place, place + windowBytes).reduce((sum, byte) => sum + commonness(byte), 0);
  return places.reduce((best, place) => (cost(place) < cost(best) ? place : best), 0);
}

/** Bytes of logs by how often they come, the most common first: counted in boots of nodes, kubelet and containerd. */
const byCommonness = ' e-a0toisn1r2d4c3"5=96l8p7b/.fm:u,gkv\\hwSxy_CIPTADN[](RELMOUF{}z;';

function commonness(byte: number): number {
  const place = byCommonness.indexOf(String.fromCharCode(byte));
  return place < 0 ? 0 : Math.log2(1 + byCommonness.length - place);
}
