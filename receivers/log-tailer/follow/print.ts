import { hash } from 'node:crypto';

/** Tells some bytes from others: how many they are, and a hash of them. */
export interface Print {
  readonly bytes: number;
  /** 16 hexadecimal digits; empty for no bytes. */
  readonly hash: string;
}

/** So many of its first bytes tell a log from another. */
export const headBytes = 1024;
/** So many bytes before an offset tell whether they are still what they were. */
export const anchorBytes = 64;

export const nothing: Print = { bytes: 0, hash: '' };

export function printOf(bytes: Uint8Array): Print {
  if (bytes.length === 0) return nothing;
  return { bytes: bytes.length, hash: hash('sha1', bytes, 'hex').slice(0, 16) };
}

/** Whether `bytes` begin with what was printed. */
export function beginsWith(bytes: Uint8Array, print: Print): boolean {
  return bytes.length >= print.bytes && printOf(bytes.subarray(0, print.bytes)).hash === print.hash;
}
