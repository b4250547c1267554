import { close, fstat, open, read, readSync } from 'node:fs';
import { constants, lstat, realpath, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Print, anchorBytes, headBytes, printOf } from './print.ts';

/** By number rather than FileHandle: thousands stay open, and no handle is to be collected. */
const openFd = promisify(open);
const readFd = promisify(read);
const closeFd = promisify(close);
const statFd = promisify(fstat);

export interface OpenedFile {
  readonly fd: number;
  /** Device and inode. */
  readonly file: string;
  readonly bytes: number;
  /** By the file's own clock. */
  readonly modifiedMs: number;
}

export type Opened =
  | ({ readonly kind: 'file' } & OpenedFile)
  | { readonly kind: 'absent' }
  | { readonly kind: 'no file' }
  | { readonly kind: 'too many open' }
  | { readonly kind: 'unreadable'; readonly error: NodeJS.ErrnoException };

/** Opens what is to be read; a pipe or a device is no file, and nothing waits for one. */
export async function openFile(path: string): Promise<Opened> {
  let fd: number;
  try {
    fd = await openFd(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (caught) {
    return notOpened(caught as NodeJS.ErrnoException);
  }
  try {
    const stats = await statFd(fd, { bigint: true });
    if (stats.isFile()) {
      const [bytes, modifiedMs] = [Number(stats.size), Number(stats.mtimeMs)];
      return { kind: 'file', fd, file: fileKey(stats.dev, stats.ino), bytes, modifiedMs };
    }
    await closeFile(fd);
    return { kind: 'no file' };
  } catch (caught) {
    await closeFile(fd);
    return { kind: 'unreadable', error: caught as NodeJS.ErrnoException };
  }
}

export function fileKey(device: bigint, inode: bigint): string {
  return `${device}:${inode}`;
}

/** Of what a path leads to now; undefined: to nothing that can be reached. */
export async function keyAt(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return fileKey(dev, ino);
  } catch {
    // Gone meanwhile, or a link that leads nowhere.
    return undefined;
  }
}

function notOpened(error: NodeJS.ErrnoException): Opened {
  const kind = expected[error.code ?? ''];
  return kind === undefined ? { kind: 'unreadable', error } : { kind };
}

const expected: Readonly<Record<string, 'absent' | 'no file' | 'too many open'>> = {
  ENOENT: 'absent',
  ENOTDIR: 'absent',
  EISDIR: 'no file',
  ENXIO: 'no file',
  EMFILE: 'too many open',
  ENFILE: 'too many open',
};

/** Bytes read: fewer than there is room for at the end of the file. */
export async function readAt(fd: number, into: Buffer, position: number): Promise<number> {
  const { bytesRead } = await readFd(fd, into, 0, into.length, position);
  return bytesRead;
}

/** The same without a thread: for what was just written, which memory has. */
export function readAtOnce(fd: number, into: Buffer, position: number): number {
  return readSync(fd, into, 0, into.length, position);
}

export async function sizeOf(fd: number): Promise<number> {
  return (await statFd(fd)).size;
}

export async function closeFile(fd: number): Promise<void> {
  await closeFd(fd);
}

export async function readBytes(fd: number, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, await readAt(fd, bytes, position));
}

export async function readHead(fd: number, most = headBytes): Promise<Print> {
  return printOf(await readBytes(fd, 0, most));
}

/** Of what stands before an offset. */
export async function readAnchor(fd: number, offset: number): Promise<Print> {
  const length = Math.min(offset, anchorBytes);
  return printOf(await readBytes(fd, offset - length, length));
}

/** Where a symbolic link leads in the end; undefined for what is none, or leads nowhere. */
export async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await realpath(path) : undefined;
  } catch {
    // Gone meanwhile, or a loop: opening it says which.
    return undefined;
  }
}
