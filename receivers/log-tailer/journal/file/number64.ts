/** Numbers of 64 bits, little-endian, as JavaScript has them: infinite from 2^53 on, which no offset, size or time is. */
export function number64(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true);
  return high > 0x1fffff ? Infinity : high * 2 ** 32 + view.getUint32(at, true);
}
