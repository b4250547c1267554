import { spread } from './literal-buckets.ts';
import { rarestWindow, windowBytes } from './literal-window.ts';

/** Before a set of literals: room that the scan works in. */
export const roomBytes = 16;

const setBytes = 168;
const entryBytes = 24;

/**
 * A set of literals as literal-scan.wat reads it, its first byte at address `at` and the set itself `roomBytes` after that.
 * Literals are numbered as they come; each has three bytes at least.
 */
export function literalTable(literals: readonly Buffer[], at: number): Buffer {
  const buckets = spread(literals.map((literal, number) => rarestWindow(literal, number)));
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

function markBytes(set: Buffer, window: Buffer, bit: number): void {
  for (const [place, byte] of window.entries()) {
    const low = 32 * place + (byte & 15);
    const high = 32 * place + 16 + (byte >> 4);
    set.writeUInt8(set.readUInt8(low) | bit, low);
    set.writeUInt8(set.readUInt8(high) | bit, high);
  }
}
