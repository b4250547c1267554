const zero = 48;
const nanoDigits = 9;

/** The number that so many digits at `at` are; -1 where one of them is none. */
export function digitsAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let place = at; place < at + count; place++) {
    const digit = (bytes[place] ?? 0) - zero;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** How many digits there are at `at`, `most` at most. */
export function digitRun(bytes: Uint8Array, at: number, most: number): number {
  let count = 0;
  while (count < most && isDigit(bytes[at + count])) count++;
  return count;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= zero + 9;
}

/** Decimals of a second, up to nine that count, further ones are passed over. */
export interface Decimals {
  readonly ns: number;
  readonly precisionNs: number;
  readonly end: number;
}

/** Reads the decimals after a `.` or `,` at `at`; where there are none, whole seconds. */
export function decimalsAt(bytes: Uint8Array, at: number): Decimals {
  const mark = bytes[at];
  const count = mark === 0x2e || mark === 0x2c ? digitRun(bytes, at + 1, 18) : 0;
  if (count === 0) return { ns: 0, precisionNs: 1e9, end: at };
  const read = Math.min(count, nanoDigits);
  const scale = 10 ** (nanoDigits - read);
  return { ns: digitsAt(bytes, at + 1, read) * scale, precisionNs: scale, end: at + 1 + count };
}
