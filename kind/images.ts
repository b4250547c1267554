import { join } from 'node:path';
import {
  packCollector,
  packKubeLatency,
  packProgram,
  type PackedImage,
} from '../build/image/pack.ts';
import { sandboxImage } from '../local/cluster/image-names.ts';
import type { LocalContext } from '../local/context.ts';
import { runOk } from '../local/host/run.ts';
import { localPaths } from '../local/paths.ts';
import type { Engine } from './engine.ts';
import { askNode } from './nodes.ts';
import type { KindPrograms } from './programs.ts';

/** Packs the images of the pipeline, and of probed pods; what was packed before is not packed again. */
export async function packImages(
  { collector, pause }: KindPrograms,
  { env, signal }: LocalContext,
): Promise<PackedImage[]> {
  const packing = { folder: join(localPaths(env).cacheDir, 'images'), signal };
  // One after the other: each holds a whole image in memory while it packs.
  return [
    await packKubeLatency(packing),
    await packCollector(collector, packing),
    await packProgram(sandboxImage, pause, packing),
  ];
}

/** Loads archives into those nodes that do not have just this content under that name. */
export async function loadImages(
  archives: readonly PackedImage[],
  nodes: readonly string[],
  { kind, name, engine, context }: Loading,
): Promise<void> {
  const present = await Promise.all(
    nodes.map((node) => askNode(engine, node, ['ctr', '--namespace=k8s.io', 'images', 'ls'])),
  );
  for (const { reference, digest, path } of archives) {
    const lacking = nodes.filter((_, index) => !hasImage(present[index] ?? '', reference, digest));
    if (lacking.length === 0) continue;
    context.progress(`loading ${reference} into ${lacking.join(', ')}`);
    const flags = ['--name', name, '--nodes', lacking.join(',')];
    await runOk(kind, ['load', 'image-archive', path, ...flags], context);
  }
}

interface Loading {
  /** Path of the program. */
  readonly kind: string;
  /** Of the cluster. */
  readonly name: string;
  readonly engine: Engine;
  readonly context: LocalContext;
}

/** Whether a list of containerd's names the image with that digest. */
export function hasImage(list: string, reference: string, digest: string): boolean {
  return list.split('\n').some((line) => {
    const columns = line.split(/\s+/);
    return columns[0] === reference && columns.includes(digest);
  });
}
