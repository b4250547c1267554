import type { MessagePlace } from './inlet.ts';

/** As long as an echo request of `ping`; the answer is no longer than the question, so nobody is flooded through it. */
export const udpBytes = 64;
const askMagic = 0x4b4c5531;
const answerMagic = 0x4b4c5532;

/** A question as its sender wrote it. */
export interface UdpQuestion {
  /** Of all questions that one process asks one responder. */
  readonly key: number;
  readonly number: number;
}

/** What the responder adds; times are of its own clock. */
export interface UdpAnswer extends UdpQuestion {
  /** How many questions under this key it has seen, this one included, by 32 bits. */
  readonly seen: number;
  readonly receivedNs: bigint;
  readonly sentNs: bigint;
}

export function writeQuestion(bytes: Buffer, { key, number }: UdpQuestion): void {
  bytes.writeUInt32BE(askMagic, 0);
  bytes.writeUInt32LE(key, 4);
  bytes.writeUInt32LE(number >>> 0, 8);
}

export function readQuestion(bytes: Buffer): UdpQuestion | undefined {
  if (bytes.length !== udpBytes || bytes.readUInt32BE(0) !== askMagic) return undefined;
  return { key: bytes.readUInt32LE(4), number: bytes.readUInt32LE(8) };
}

export function writeAnswer(bytes: Buffer, answer: UdpAnswer): void {
  bytes.writeUInt32BE(answerMagic, 0);
  bytes.writeUInt32LE(answer.key, 4);
  bytes.writeUInt32LE(answer.number, 8);
  bytes.writeUInt32LE(answer.seen >>> 0, 12);
  bytes.writeBigInt64LE(answer.receivedNs, 16);
  bytes.writeBigInt64LE(answer.sentNs, 24);
}

/** Undefined for what is no answer. */
export function readAnswer(bytes: Buffer, { at, length }: MessagePlace): UdpAnswer | undefined {
  if (length !== udpBytes || bytes.readUInt32BE(at) !== answerMagic) return undefined;
  return {
    key: bytes.readUInt32LE(at + 4),
    number: bytes.readUInt32LE(at + 8),
    seen: bytes.readUInt32LE(at + 12),
    receivedNs: bytes.readBigInt64LE(at + 16),
    sentNs: bytes.readBigInt64LE(at + 24),
  };
}
