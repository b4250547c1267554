import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';

interface Manifest {
  readonly layers: readonly { readonly digest: string }[];
}

/** Unpacks the layers of an OCI archive into `root`, the lowest first, as a container runtime does. Gives them without compression. */
export async function unpackImage(
  archive: string,
  digest: string,
  root: string,
): Promise<Buffer[]> {
  const folder = `${root}.oci`;
  for (const path of [root, folder]) await mkdir(path, { recursive: true });
  await extract(await readFile(archive), folder);
  const blob = (name: string): Promise<Buffer> =>
    readFile(join(folder, 'blobs', name.replace(':', '/')));
  const { layers } = JSON.parse(String(await blob(digest))) as Manifest;
  const plain: Buffer[] = [];
  for (const layer of layers) {
    const content = await promisify(zstdDecompress)(await blob(layer.digest));
    await extract(content, root);
    plain.push(content);
  }
  return plain;
}

async function extract(archive: Buffer, folder: string): Promise<void> {
  const child = spawn('tar', ['--extract', '--preserve-permissions', '-f', '-', '-C', folder], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(archive);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`tar ended with ${code}`);
}
