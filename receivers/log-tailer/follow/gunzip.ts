import { promisify } from 'node:util';
import { constants, createGunzip, gunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { readBytes } from './file.ts';

const gunzipAll = promisify(gunzip);

/** So much of a compressed file gives its head. */
const headInput = 4096;

export type Form = 'plain' | 'gzip' | 'not read';

/** How a file is written, by its first bytes. */
export function formOf(bytes: Buffer): Form {
  if (startsWith(bytes, [0x1f, 0x8b])) return 'gzip';
  return others.some((magic) => startsWith(bytes, magic)) ? 'not read' : 'plain';
}

/** xz, bzip2, Zstandard, LZ4. */
const others = [
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  [0x42, 0x5a, 0x68],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x04, 0x22, 0x4d, 0x18],
];

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

/** The first bytes of a compressed file as it reads uncompressed; few or none where it is damaged or not yet written. */
export async function gunzipHead(fd: number): Promise<Buffer> {
  try {
    const input = await readBytes(fd, 0, headInput);
    return await gunzipAll(input, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    // What is wrong with it is told when all of it is read.
    return Buffer.alloc(0);
  }
}

/** Length of what is compressed, modulo 2^32, as the end of the file says. */
export async function statedLength(fd: number, fileBytes: number): Promise<number | undefined> {
  const trailer = await readBytes(fd, Math.max(0, fileBytes - 4), 4);
  return trailer.length === 4 ? trailer.readUInt32LE() : undefined;
}

export type Ended =
  | { readonly kind: 'ended' }
  /** The file breaks off: it is not written to its end, or was cut. */
  | { readonly kind: 'broken off' }
  | { readonly kind: 'damaged'; readonly problem: string }
  /** The consumer wants no more. */
  | { readonly kind: 'stopped' };

/** Gives what is compressed in a file piece by piece; stops when `take` resolves to false. No read is under way afterwards. */
export async function gunzipFile(
  fd: number,
  take: (bytes: Buffer) => Promise<boolean>,
): Promise<Ended> {
  let lastRead: Promise<unknown> = Promise.resolve();
  async function* input(): AsyncGenerator<Buffer> {
    for (let position = 0; ;) {
      const read = readBytes(fd, position, inputBytes);
      lastRead = read.catch(() => undefined);
      const bytes = await read;
      if (bytes.length === 0) return;
      position += bytes.length;
      yield bytes;
    }
  }
  // Not a stream of the file: destroying one closes the descriptor, whoever else does, too.
  const output = pipeline(input, createGunzip(), () => undefined);
  try {
    for await (const bytes of output)
      if (!(await take(bytes as Buffer))) return { kind: 'stopped' };
    return { kind: 'ended' };
  } catch (caught) {
    const { code, message } = caught as NodeJS.ErrnoException;
    return code === 'Z_BUF_ERROR' ? { kind: 'broken off' } : { kind: 'damaged', problem: message };
  } finally {
    await lastRead;
  }
}

const inputBytes = 65_536;
