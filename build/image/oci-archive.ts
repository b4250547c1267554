import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { tar, type TarEntry } from './tar.ts';

export interface ImageInput {
  /** Full name with tag: `localhost/kube-latency/pause:1`. */
  readonly name: string;
  /** GOARCH. */
  readonly architecture: string;
  /** The lowest first. */
  readonly layers: readonly (readonly TarEntry[])[];
  /** `zstd` for what is large: less to write on every node. */
  readonly compression: 'none' | 'zstd';
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  /** `uid:gid` */
  readonly user: string;
  readonly workingDir?: string;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface Blob extends Descriptor {
  readonly content: Buffer;
}

interface Layer extends Blob {
  /** Digest of the layer without compression. */
  readonly diffId: string;
}

const types = {
  none: 'application/vnd.oci.image.layer.v1.tar',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  config: 'application/vnd.oci.image.config.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
} as const;

/**
 * An image as an OCI archive, which `ctr images import` and `kind load image-archive` take. The same input makes the same
 * bytes. Index and manifest come first in it.
 */
export async function ociArchive(image: ImageInput): Promise<Buffer> {
  const layers: Layer[] = [];
  // One after the other: a layer is large, and its tar a copy.
  for (const entries of image.layers) layers.push(await layerBlob(entries, image.compression));
  const diffIds = layers.map(({ diffId }) => diffId);
  const config = blob(types.config, json(imageConfig(image, diffIds)));
  const manifest = blob(
    types.manifest,
    json({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: descriptor(config),
      layers: layers.map(descriptor),
    }),
  );
  const annotations = {
    'io.containerd.image.name': image.name,
    'org.opencontainers.image.ref.name': image.name.slice(image.name.lastIndexOf(':') + 1),
  };
  const index = {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: [{ ...descriptor(manifest), annotations }],
  };
  return tar([
    file('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
    file('index.json', json(index)),
    { kind: 'folder', path: 'blobs', mode: 0o755 },
    { kind: 'folder', path: 'blobs/sha256', mode: 0o755 },
    ...[manifest, config, ...layers].map(({ digest, content }) =>
      file(`blobs/${digest.replace(':', '/')}`, content),
    ),
  ]);
}

async function layerBlob(
  entries: readonly TarEntry[],
  compression: ImageInput['compression'],
): Promise<Layer> {
  const plain = tar(entries);
  if (compression === 'none') {
    const layer = blob(types.none, plain);
    return { ...layer, diffId: layer.digest };
  }
  const diffId = digestOf(plain);
  return { ...blob(types.zstd, await promisify(zstdCompress)(plain)), diffId };
}

function imageConfig(image: ImageInput, diffIds: readonly string[]): unknown {
  return {
    architecture: image.architecture,
    os: 'linux',
    config: {
      User: image.user,
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Entrypoint: image.entrypoint,
      ...(image.command === undefined ? {} : { Cmd: image.command }),
      WorkingDir: image.workingDir ?? '/',
    },
    rootfs: { type: 'layers', diff_ids: diffIds },
  };
}

function blob(mediaType: string, content: Buffer): Blob {
  return { mediaType, digest: digestOf(content), size: content.length, content };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function descriptor({ mediaType, digest, size }: Blob): Descriptor {
  return { mediaType, digest, size };
}

function file(path: string, content: Buffer): TarEntry {
  return { kind: 'file', path, mode: 0o644, content };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
