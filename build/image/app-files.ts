import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { PageShell } from '../../cli/html/document.ts';
import { pageShell as bootShell } from '../../cli/boot/html/page-shell.ts';
import { pageShell as rttShell } from '../../cli/rtt/html/page-shell.ts';
import { pageShell as traceShell } from '../../cli/trace/html/page-shell.ts';
import { bundle, type Replacements } from '../bundle.ts';
import { layerFile } from './layer.ts';
import type { TarEntry } from './tar.ts';

/** Programs of the image: the name that they have below /app, and where they begin. */
export const imagePrograms = {
  'pod-prober': 'receivers/pod-prober/main.ts',
  correlator: 'receivers/correlator/main.ts',
  'rtt-pinger': 'receivers/rtt-pinger/main.ts',
  'rtt-aggregator': 'receivers/rtt-aggregator/main.ts',
  'log-tailer': 'receivers/log-tailer/main.ts',
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
    for (const [name, program] of Object.entries(imagePrograms)) {
      const output = join(folder, name);
      await bundle(program, output, name === 'kube-latency' ? await commandReplacements() : {});
      for (const file of await filesBelow(output))
        files.push(
          layerFile(`${imageWorkingDir}/${name}/${file}`, await readFile(join(output, file))),
        );
    }
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

/** What the command is without the repository: no local cluster; the pages of boots, traces and meshes are bundled beforehand. */
export async function commandReplacements(): Promise<Replacements> {
  const bundled = (shell: PageShell): string =>
    `export const pageShell = () => Promise.resolve(${JSON.stringify(shell)});`;
  const stub = '../build/image/not-in-image.ts';
  return {
    'local/up.ts': `export { notInImage as up } from '${stub}';`,
    'local/down.ts': `export { notInImage as down } from '${stub}';`,
    'kind/up.ts': `export { notInImage as up } from '${stub}';`,
    'kind/down.ts': `export { notInImage as down } from '${stub}';`,
    'cli/boot/html/page-shell.ts': bundled(await bootShell()),
    'cli/rtt/html/page-shell.ts': bundled(await rttShell()),
    'cli/trace/html/page-shell.ts': bundled(await traceShell()),
  };
}
