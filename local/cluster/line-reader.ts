import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

/** Reads a growing file from where it left off. */
export interface LineReader {
  /** Whole lines that were added since the last call; none while there is no file. */
  read(): Promise<string[]>;
}

/** A file that has shrunk was rotated, and is read from its beginning. */
export function createLineReader(path: string): LineReader {
  let offset = 0;
  let rest = '';
  let decoder = new StringDecoder('utf8');
  return {
    async read() {
      const added = await readFrom(path, offset);
      if (added === 'shrunk') {
        offset = 0;
        rest = '';
        decoder = new StringDecoder('utf8');
        return [];
      }
      offset += added.length;
      const lines = (rest + decoder.write(added)).split('\n');
      rest = lines.pop() ?? '';
      return lines;
    },
  };
}

async function readFrom(path: string, offset: number): Promise<Buffer | 'shrunk'> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return Buffer.alloc(0);
  try {
    const { size } = await file.stat();
    if (size < offset) return 'shrunk';
    const buffer = Buffer.alloc(size - offset);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
