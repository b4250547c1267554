import { open } from 'node:fs/promises';

/** What an archive says of its image. */
export interface ArchiveFacts {
  readonly reference: string;
  /** Digest of the manifest, by which registries and `kubectl` know the image. */
  readonly digest: string;
  /** What a registry would send: the layers as they are compressed. */
  readonly layerBytes: number;
}

interface Index {
  readonly manifests: readonly [
    { readonly digest: string; readonly annotations: Readonly<Record<string, string>> },
  ];
}

interface Manifest {
  readonly layers: readonly { readonly size: number }[];
}

/** Index and manifest stand before all that is large. */
const headBytes = 16 * 1024;
const blockSize = 512;

/** Reads the head of an archive that `ociArchive` made. */
export async function archiveFacts(path: string): Promise<ArchiveFacts> {
  const head = await readHead(path);
  const { manifests } = JSON.parse(content(head, 'index.json', path)) as Index;
  const [{ digest, annotations }] = manifests;
  const manifest = `blobs/${digest.replace(':', '/')}`;
  const { layers } = JSON.parse(content(head, manifest, path)) as Manifest;
  return {
    reference: annotations['io.containerd.image.name'] ?? '',
    digest,
    layerBytes: layers.reduce((total, { size }) => total + size, 0),
  };
}

async function readHead(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  return buffer.subarray(0, bytesRead);
}

function content(archive: Buffer, wanted: string, path: string): string {
  for (let at = 0; at < archive.length;) {
    const name = archive.toString('latin1', at, at + 100).replace(/\0.*/s, '');
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8);
    const begin = at + blockSize;
    if (name === wanted) return archive.toString('utf8', begin, begin + size);
    at = begin + Math.ceil(size / blockSize) * blockSize;
  }
  throw new Error(`${path} is no archive of this project: expected ${wanted} at its begin`);
}
