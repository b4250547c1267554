/** A file, folder or symbolic link of a tar archive. */
export type TarEntry = TarFile | TarFolder | TarLink;

interface TarFile {
  readonly kind: 'file';
  /** Relative, without a leading slash; at most 100 bytes. */
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

interface TarFolder {
  readonly kind: 'folder';
  readonly path: string;
  readonly mode: number;
}

interface TarLink {
  readonly kind: 'link';
  readonly path: string;
  /** At most 100 bytes. */
  readonly target: string;
}

interface Header {
  readonly path: string;
  readonly mode: number;
  readonly type: '0' | '2' | '5';
  readonly size?: number;
  readonly target?: string;
}

const blockSize = 512;
const nameSize = 100;

/**
 * A POSIX ustar archive. Everything in it belongs to root and dates from the epoch, so the same entries make the same
 * bytes. Throws for a path that does not fit.
 */
export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocks), Buffer.alloc(2 * blockSize)]);
}

function blocks(entry: TarEntry): Buffer[] {
  switch (entry.kind) {
    case 'file': {
      const size = entry.content.length;
      return [header({ ...entry, type: '0', size }), entry.content, padding(size)];
    }
    case 'folder':
      return [header({ ...entry, path: `${entry.path}/`, type: '5' })];
    case 'link':
      return [header({ ...entry, mode: 0o777, type: '2' })];
  }
}

function header({ path, mode, type, size = 0, target = '' }: Header): Buffer {
  for (const name of [path, target])
    if (Buffer.byteLength(name) > nameSize)
      throw new RangeError(
        `name in a tar archive: at most ${nameSize} bytes expected, got ${name}`,
      );
  const block = Buffer.alloc(blockSize);
  block.write(path, 0);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.fill(' ', 148, 156);
  block.write(type, 156);
  block.write(target, 157);
  block.write('ustar\0', 257);
  block.write('00', 263);
  block.write('root', 265);
  block.write('root', 297);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A field of `width` bytes, its closing zero included. */
function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}

function padding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}
