import { archiveFacts, type ArchiveFacts } from './archive-facts.ts';
import { kubeLatencyKey, programKey } from './cache-key.ts';
import { cached } from './cache.ts';
import { collector, kubeLatency, programImage, viewer } from './images.ts';
import { ociArchive, type ImageInput } from './oci-archive.ts';

export interface PackedImage extends ArchiveFacts {
  /** Of the OCI archive. */
  readonly path: string;
}

/** What packing needs to know. */
export interface Packing {
  /** Archives stay here. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Packs an image of one program: `localhost/kube-latency/NAME:VERSION`, whose entry point is the program. */
export async function packProgram(
  reference: string,
  program: string,
  packing: Packing,
): Promise<PackedImage> {
  const { folder, signal } = packing;
  const [, name = ''] = /([^/]+):[^/]*$/.exec(reference) ?? [];
  const key = await programKey(program, signal);
  const make = (): Promise<ImageInput> => programImage(reference, `/${name}`, { program, signal });
  return pack(name, key, { folder, make });
}

/** Packs Node and the bundles of all programs, unless the same content was packed before. */
export async function packKubeLatency({ folder, signal }: Packing): Promise<PackedImage> {
  const key = await kubeLatencyKey(signal);
  return pack('kube-latency', key, { folder, make: () => kubeLatency(signal) });
}

/** The same for the collector. */
export async function packCollector(program: string, packing: Packing): Promise<PackedImage> {
  const { folder, signal } = packing;
  const key = await programKey(program, signal);
  return pack('otelcol', key, { folder, make: () => collector(program, signal) });
}

/** The same for the viewer. */
export async function packViewer(program: string, packing: Packing): Promise<PackedImage> {
  const { folder, signal } = packing;
  const key = await programKey(program, signal);
  return pack('viewer', key, { folder, make: () => viewer(program, signal) });
}

async function pack(
  name: string,
  key: string,
  { folder, make }: { readonly folder: string; readonly make: () => Promise<ImageInput> },
): Promise<PackedImage> {
  const path = await cached(folder, { name, key }, async () => ociArchive(await make()));
  return { ...(await archiveFacts(path)), path };
}
