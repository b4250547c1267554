import { isIP } from 'node:net';

export type Family = 4 | 6;

const AF_INET = 2;
const AF_INET6 = 10;

/** A kernel's `sockaddr_in` or `sockaddr_in6`. Undefined for what is no address. */
export function socketAddress(text: string, port = 0): Buffer | undefined {
  const bytes = withoutPort(text);
  bytes?.writeUInt16BE(port, 2);
  return bytes;
}

/**
 * The same, but those of IPv4 are written into one buffer, anew by each call: for a call of the kernel that takes it at once. That costs
 * less than looking up ten thousand that are kept.
 */
export function createAddressWriter(): (text: string, port?: number) => Buffer | undefined {
  const ipv4 = Buffer.alloc(16);
  ipv4.writeUInt16LE(AF_INET, 0);
  return (text, port = 0) => {
    if (!writeIpv4(text, ipv4)) return socketAddress(text, port);
    ipv4.writeUInt16BE(port, 2);
    return ipv4;
  };
}

const dot = 46;
const zero = 48;

/** Writes the four octets of an address behind family and port; false where it is none. */
function writeIpv4(text: string, into: Buffer): boolean {
  let [octet, digits, at] = [0, 0, 4];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === dot && digits > 0 && at < 7) {
      into[at++] = octet;
      [octet, digits] = [0, 0];
      continue;
    }
    // Nothing follows a leading zero: some take such an octet for octal.
    if (code < zero || code > zero + 9 || (digits > 0 && octet === 0)) return false;
    octet = octet * 10 + code - zero;
    digits++;
    if (octet > 255) return false;
  }
  into[at] = octet;
  return at === 7 && digits > 0;
}

function withoutPort(text: string): Buffer | undefined {
  switch (isIP(text)) {
    case 4: {
      const bytes = Buffer.alloc(16);
      bytes.writeUInt16LE(AF_INET, 0);
      bytes.set(text.split('.').map(Number), 4);
      return bytes;
    }
    case 6: {
      const groups = groupsOf(text);
      if (groups === undefined) return undefined;
      const bytes = Buffer.alloc(28);
      bytes.writeUInt16LE(AF_INET6, 0);
      for (const [index, group] of groups.entries()) bytes.writeUInt16BE(group, 8 + index * 2);
      return bytes;
    }
    default:
      return undefined;
  }
}

/** The eight groups of an IPv6 address that isIP accepted; none for one with a zone, which says nothing elsewhere. */
function groupsOf(text: string): readonly number[] | undefined {
  if (text.includes('%')) return undefined;
  const plain = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [read(head), read(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<number>(zeros).fill(0), ...after];
}
