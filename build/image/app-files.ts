import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bundlePrograms } from './bundle-programs.ts';
import { layerFile } from './layer.ts';
import type { TarEntry } from './tar.ts';

/** Programs of the image: the name that they have below /app, and where they begin. */
export const imagePrograms = {
  'pod-prober': 'receivers/pod-prober/main.ts',
  correlator: 'receivers/correlator/main.ts',
  'rtt-pinger': 'receivers/rtt-pinger/main.ts',
  'rtt-aggregator': 'receivers/rtt-aggregator/main.ts',
  'log-tailer': 'receivers/log-tailer/main.ts',
  operator: 'operator/main.ts',
  'kube-latency': 'cli/main.ts',
} as const;

type ProgramName = keyof typeof imagePrograms;

export const imageWorkingDir = '/app';

/** Entry of a program in the image. */
export function imageEntry(name: ProgramName): string {
  return `${imageWorkingDir}/${name}/main.mjs`;
}

/** The bundles of all programs. */
export async function appFiles(): Promise<TarEntry[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bundle-'));
  try {
    const files: TarEntry[] = [];
    await bundlePrograms(imagePrograms, folder);
    for (const name of Object.keys(imagePrograms))
      for (const file of await filesBelow(join(folder, name)))
        files.push(
          layerFile(`${imageWorkingDir}/${name}/${file}`, await readFile(join(folder, name, file))),
        );
    return files;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Paths relative to the folder. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}
