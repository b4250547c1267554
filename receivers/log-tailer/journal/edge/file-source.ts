import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../file/byte-source.ts';

export interface FileSource extends ByteSource {
  close(): void;
}

/**
 * An open file, read where one likes. It is read at once, in small parts, as they mostly are in memory: whoever wrote them just did.
 * Throws where it cannot be opened. What cannot be read then, as of a broken disk, is as if it were not there.
 */
export function openFile(path: string): FileSource {
  const file = openSync(path, 'r');
  return {
    size: () => fstatSync(file).size,
    read: (target, offset) => {
      try {
        return readSync(file, target, 0, target.length, offset);
      } catch {
        // The reader counts what it does not find.
        return 0;
      }
    },
    close: () => closeSync(file),
  };
}
