/** Buffers that are used again: large ones are freed late, and until then count as memory in use. */
export interface BufferPool {
  /** A buffer of exactly so many bytes, of any content. */
  readonly take: (bytes: number) => Buffer;
  /** Gives back what take() gave and nobody uses any more. */
  readonly give: (buffer: Buffer) => void;
}

/** Keeps up to `most` buffers of `slabBytes`; what is larger is allocated as ever. */
export function createBufferPool(slabBytes: number, most: number): BufferPool {
  const free: Buffer[] = [];
  return {
    take: (bytes) => {
      if (bytes > slabBytes) return Buffer.allocUnsafeSlow(bytes);
      return (free.pop() ?? Buffer.allocUnsafeSlow(slabBytes)).subarray(0, bytes);
    },
    give: (buffer) => {
      if (buffer.buffer.byteLength !== slabBytes || free.length >= most) return;
      free.push(Buffer.from(buffer.buffer));
    },
  };
}
