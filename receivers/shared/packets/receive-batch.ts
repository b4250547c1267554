import type { Libc } from './libc.ts';

/** Sizes of the kernel's structures on 64-bit Linux: mmsghdr(2const), msghdr, iovec and cmsghdr. */
const headerBytes = 64;
const vectorBytes = 16;
const controlBytes = 64;
const messageBytes = 128;
const messageLengthOffset = 56;
const controlLengthOffset = 40;

const SOL_SOCKET = 1;
const SCM_TIMESTAMPNS = 35;
const MSG_DONTWAIT = 0x40;

/** Where a message of a batch lies in `bytes`. */
export interface ReceivedMessage {
  at: number;
  length: number;
  /** Seconds and nanoseconds of the kernel's receive stamp; seconds are 0 where there is none. */
  seconds: number;
  nanoseconds: number;
}

export interface ReceiveBatch {
  readonly bytes: Buffer;
  /** What the kernel is told the addresses of: freed, unless something refers to it. */
  readonly memory: readonly Buffer[];
  /** Reads what has come, at most the size of the batch, and calls for each message. Says how many, or -1. */
  readonly read: (fd: number, onMessage: (message: Readonly<ReceivedMessage>) => void) => number;
}

/** Memory for reading `size` messages with their receive stamps by one call. The message handed over is reused. */
export function createReceiveBatch(libc: Libc, size: number): ReceiveBatch {
  const headers = Buffer.alloc(size * headerBytes);
  const vectors = Buffer.alloc(size * vectorBytes);
  const controls = Buffer.alloc(size * controlBytes);
  const bytes = Buffer.alloc(size * messageBytes);
  const [vectorsAt, controlsAt, bytesAt] = [vectors, controls, bytes].map(libc.addressOf) as [
    bigint,
    bigint,
    bigint,
  ];
  for (let index = 0; index < size; index++) {
    const header = index * headerBytes;
    headers.writeBigUInt64LE(vectorsAt + BigInt(index * vectorBytes), header + 16);
    headers.writeBigUInt64LE(1n, header + 24);
    headers.writeBigUInt64LE(controlsAt + BigInt(index * controlBytes), header + 32);
    headers.writeBigUInt64LE(BigInt(controlBytes), header + controlLengthOffset);
    vectors.writeBigUInt64LE(bytesAt + BigInt(index * messageBytes), index * vectorBytes);
    vectors.writeBigUInt64LE(BigInt(messageBytes), index * vectorBytes + 8);
  }
  const message: ReceivedMessage = { at: 0, length: 0, seconds: 0, nanoseconds: 0 };

  function readStamp(index: number): void {
    const control = index * controlBytes;
    const stamped =
      headers.readUInt32LE(index * headerBytes + controlLengthOffset) >= 32 &&
      controls.readInt32LE(control + 8) === SOL_SOCKET &&
      controls.readInt32LE(control + 12) === SCM_TIMESTAMPNS;
    message.seconds = stamped ? controls.readUIntLE(control + 16, 6) : 0;
    message.nanoseconds = stamped ? controls.readUInt32LE(control + 24) : 0;
  }

  return {
    bytes,
    memory: [headers, vectors, controls, bytes],
    read: (fd, onMessage) => {
      const count = libc.recvmmsg(fd, headers, size, MSG_DONTWAIT, null);
      for (let index = 0; index < count; index++) {
        message.at = index * messageBytes;
        message.length = headers.readUInt32LE(index * headerBytes + messageLengthOffset);
        readStamp(index);
        onMessage(message);
        headers.writeUInt32LE(controlBytes, index * headerBytes + controlLengthOffset);
      }
      return count;
    },
  };
}
