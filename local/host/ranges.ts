/** An IPv4 range as two numbers, both ends included. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** True when two IPv4 ranges (`10.1.0.0/16`, or an address alone) have an address in common. */
export function overlap(one: string, other: string): boolean {
  const a = parseRange(one);
  const b = parseRange(other);
  return a.first <= b.last && b.first <= a.last;
}

function parseRange(text: string): Range {
  const [address = '', length = '32'] = text.split('/');
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(length));
  const first = number - (number % size);
  return { first, last: first + size - 1 };
}
