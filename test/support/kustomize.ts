import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { kubectl } from './cluster.ts';

const manifests = fileURLToPath(new URL('../../manifests', import.meta.url));

/** A kustomization whose resources and components are named by their folders in manifests/. */
export interface Kustomization {
  readonly resources: readonly string[];
  readonly components?: readonly string[];
  readonly configMapGenerator?: readonly object[];
  readonly patches?: readonly object[];
}

/** Calls `use` with the folder of a kustomization that is there until its promise is settled. */
export async function withKustomization<T>(
  { resources, components = [], ...rest }: Kustomization,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-kustomize-'));
  const here = (path: string): string => relative(folder, join(manifests, path));
  try {
    await writeFile(
      join(folder, 'kustomization.yaml'),
      stringify({ ...rest, resources: resources.map(here), components: components.map(here) }),
    );
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What `kubectl kustomize` makes of it. */
export function kustomize(kustomization: Kustomization): Promise<string> {
  return withKustomization(kustomization, (folder) => kubectl(['kustomize', folder]));
}
