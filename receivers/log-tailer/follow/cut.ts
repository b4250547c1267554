/** What stands after the bytes that were read: room for more of them, no room, or nothing ever. */
export type Rest = 'may come' | 'no room' | 'never comes';

/** How much of what was read is handed on. */
export interface Cut {
  readonly bytes: number;
  /** A line that is longer than there is room for, or a part of it. */
  readonly piece: boolean;
}

const newline = 0x0a;

/** Up to the last newline; all where there is none and no room for it, and where nobody will finish the last line. */
export function cutLines(bytes: Buffer, rest: Rest): Cut {
  const whole = bytes.lastIndexOf(newline) + 1;
  if (rest === 'never comes') return { bytes: bytes.length, piece: false };
  if (rest === 'no room' && whole === 0) return { bytes: bytes.length, piece: true };
  return { bytes: whole, piece: false };
}
