import { glob, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  composePlaces,
  dockerfilePlaces,
  kustomizationPlaces,
  pinPlaces,
  type Place,
} from './places.ts';
import { parseReference } from './reference.ts';
import { resolveDigest } from './registry.ts';

export type Pinned =
  | { readonly kind: 'pinned'; readonly digests: ReadonlyMap<string, string> }
  /** Nothing was changed; one line for each image without a digest. */
  | { readonly kind: 'failed'; readonly problems: readonly string[] };

interface PinnableFile {
  readonly path: string;
  readonly text: string;
  readonly places: readonly Place[];
}

/** Files that name images. */
const patterns = ['Dockerfile', 'docker-compose.yaml', 'manifests/**/kustomization.yaml'];

const placesIn: Readonly<Record<string, (text: string) => Place[]>> = {
  Dockerfile: dockerfilePlaces,
  'docker-compose.yaml': composePlaces,
  'kustomization.yaml': kustomizationPlaces,
};

/**
 * Asks the registries which digests the tags below `root` stand for now, and writes them beside the tags: all of them, or
 * none when one cannot be had.
 */
export async function pin(root: string, signal: AbortSignal): Promise<Pinned> {
  const files = await pinnableFiles(root);
  const images = new Set(files.flatMap(({ places }) => places.map(({ image }) => image)));
  const digests = new Map<string, string>();
  const problems: string[] = [];
  await Promise.all(
    [...images].map(async (image) => {
      try {
        const reference = parseReference(image);
        if (reference !== undefined) digests.set(image, await resolveDigest(reference, signal));
      } catch (error) {
        problems.push((error as Error).message);
      }
    }),
  );
  if (problems.length > 0) return { kind: 'failed', problems: problems.toSorted() };
  for (const { path, text, places } of files) {
    const known = places.filter(({ image }) => digests.has(image));
    await writeFile(
      path,
      pinPlaces(text, known, (image) => digests.get(image) ?? ''),
    );
  }
  return { kind: 'pinned', digests };
}

async function pinnableFiles(root: string): Promise<PinnableFile[]> {
  const files: PinnableFile[] = [];
  for await (const name of glob(patterns, { cwd: root })) {
    const path = join(root, name);
    const text = await readFile(path, 'utf8');
    files.push({ path, text, places: placesIn[basename(name)]?.(text) ?? [] });
  }
  return files;
}
