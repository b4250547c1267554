import { createHash } from 'node:crypto';
import { tar, type TarEntry } from './tar.ts';

export interface ImageInput {
  /** Full name with tag: `localhost/kube-latency/pause:1`. */
  readonly name: string;
  /** GOARCH. */
  readonly architecture: string;
  readonly layer: readonly TarEntry[];
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  /** `uid:gid` */
  readonly user: string;
}

interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly content: Buffer;
}

const types = {
  layer: 'application/vnd.oci.image.layer.v1.tar',
  config: 'application/vnd.oci.image.config.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
} as const;

/** An image of one layer as an OCI archive, which `ctr images import` takes. */
export function ociArchive(image: ImageInput): Buffer {
  const layer = blob(types.layer, tar(image.layer));
  const config = blob(types.config, json(imageConfig(image, layer.digest)));
  const manifest = blob(
    types.manifest,
    json({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: descriptor(config),
      layers: [descriptor(layer)],
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
    ...[layer, config, manifest].map(({ digest, content }) =>
      file(`blobs/${digest.replace(':', '/')}`, content),
    ),
  ]);
}

function imageConfig(image: ImageInput, diffId: string): unknown {
  return {
    architecture: image.architecture,
    os: 'linux',
    config: {
      User: image.user,
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Entrypoint: image.entrypoint,
      ...(image.command === undefined ? {} : { Cmd: image.command }),
      WorkingDir: '/',
    },
    rootfs: { type: 'layers', diff_ids: [diffId] },
  };
}

function blob(mediaType: string, content: Buffer): Blob {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  return { mediaType, digest, size: content.length, content };
}

function descriptor({ mediaType, digest, size }: Blob): Omit<Blob, 'content'> {
  return { mediaType, digest, size };
}

function file(path: string, content: Buffer): TarEntry {
  return { kind: 'file', path, mode: 0o644, content };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
