import type { MessagePlace } from './inlet.ts';
import type { Family } from './socket-address.ts';

/** Type, code, checksum, identifier and sequence, then a key and a number of our own. */
export const echoBytes = 56 + 8;
const keyOffset = 8;
const numberOffset = 12;

/** Type of a request and of its reply; the kernel writes identifier and checksum. */
const types: Readonly<Record<Family, readonly [request: number, reply: number]>> = {
  4: [8, 0],
  6: [128, 129],
};

/** An echo request, as long as those of `ping`, of which only the number changes. The key is signed, of 32 bits. */
export function echoRequest(family: Family, key: number): Buffer {
  const bytes = Buffer.alloc(echoBytes);
  bytes[0] = types[family][0];
  bytes.writeInt32LE(key, keyOffset);
  return bytes;
}

/** Number of 31 bits; the sequence that the network sees is its lower half. */
export function setNumber(request: Buffer, number: number): void {
  request[6] = (number >>> 8) & 0xff;
  request[7] = number & 0xff;
  request.writeInt32LE(number, numberOffset);
}

/** The number of the request that a message replies to; -1 for anything but a reply to one of ours. */
export function replyNumber(
  message: Buffer,
  { at, length }: MessagePlace,
  { family, key }: { readonly family: Family; readonly key: number },
): number {
  if (length < numberOffset + 4 || message[at] !== types[family][1]) return -1;
  if (message.readInt32LE(at + keyOffset) !== key) return -1;
  return message.readInt32LE(at + numberOffset);
}
