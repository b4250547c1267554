const newline = 0x0a;

/**
 * Cuts a stream of chunks into lines: push returns the lines that a chunk completes, without their
 * newline; what follows the last newline is kept for the next chunk. Throws a RangeError when an
 * unfinished line grows beyond maxLineBytes.
 */
export function createLineSplitter(maxLineBytes: number): { push: (chunk: Buffer) => Buffer[] } {
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  function take(tail: Buffer): Buffer {
    if (pending.length === 0) return tail;
    const line = Buffer.concat([...pending, tail]);
    pending = [];
    pendingBytes = 0;
    return line;
  }

  return {
    push: (chunk) => {
      const lines: Buffer[] = [];
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        lines.push(take(chunk.subarray(start, end)));
        start = end + 1;
      }
      const rest = chunk.subarray(start);
      pendingBytes += rest.length;
      if (pendingBytes > maxLineBytes) {
        throw new RangeError(`expected lines of at most ${maxLineBytes} bytes, got a longer one`);
      }
      if (rest.length > 0) pending.push(rest);
      return lines;
    },
  };
}
