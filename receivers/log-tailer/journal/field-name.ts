/** As systemd has it. */
export const longestName = 64;

/**
 * Where a field's name ends that stands in the bytes from `from` on, before `to`: at the first byte that no name has. Names are
 * of capitals, digits and underscores, and begin with no digit. Undefined where there is none, or it is longer than names are.
 */
export function endOfName(bytes: Uint8Array, from: number, to: number): number | undefined {
  const most = Math.min(to, from + longestName + 1);
  let at = from;
  while (at < most && isOfName(bytes[at] as number, at > from)) at += 1;
  return at === from || at > from + longestName ? undefined : at;
}

function isOfName(byte: number, mayBeDigit: boolean): boolean {
  if ((byte >= 65 && byte <= 90) || byte === 95) return true;
  return mayBeDigit && byte >= 48 && byte <= 57;
}
