import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { program } from './cluster.ts';
import { start } from './command.ts';

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

/** What `kubectl kustomize` makes of it, for which there need be no cluster. */
export function kustomize(kustomization: Kustomization): Promise<string> {
  return withKustomization(kustomization, async (folder) => {
    const { code, stdout, stderr } = await start(program('kubectl'), ['kustomize', folder])
      .finished;
    assert.equal(code, 0, stderr);
    return stdout;
  });
}
