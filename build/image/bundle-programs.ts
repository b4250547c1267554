import { join } from 'node:path';
import type { PageShell } from '../../cli/html/document.ts';
import { pageShell as bootShell } from '../../cli/boot/html/page-shell.ts';
import { pageShell as reportShell } from '../../cli/report/html/page-shell.ts';
import { pageShell as rttShell } from '../../cli/rtt/html/page-shell.ts';
import { pageShell as traceShell } from '../../cli/trace/html/page-shell.ts';
import { bundle, type Replacements } from '../bundle.ts';

/** Bundles programs, each into a folder of its name; the one that is called kube-latency is the command. */
export async function bundlePrograms(
  programs: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  for (const [name, program] of Object.entries(programs)) {
    const replacements = name === 'kube-latency' ? await commandReplacements() : {};
    await bundle(program, join(folder, name), replacements);
  }
}

/** What the command is without the repository: no local cluster; the pages are bundled beforehand. */
export async function commandReplacements(): Promise<Replacements> {
  const stub = '../build/image/not-in-image.ts';
  return {
    'local/up.ts': `export { notInImage as up } from '${stub}';`,
    'local/down.ts': `export { notInImage as down } from '${stub}';`,
    'kind/up.ts': `export { notInImage as up } from '${stub}';`,
    'kind/down.ts': `export { notInImage as down } from '${stub}';`,
    ...(await bundledPages()),
  };
}

/** The pages of boots, traces, meshes and clusters, bundled beforehand: a program has no bundler. */
export async function bundledPages(): Promise<Replacements> {
  const bundled = (shell: PageShell): string =>
    `export const pageShell = () => Promise.resolve(${JSON.stringify(shell)});`;
  return {
    'cli/boot/html/page-shell.ts': bundled(await bootShell()),
    'cli/report/html/page-shell.ts': bundled(await reportShell()),
    'cli/rtt/html/page-shell.ts': bundled(await rttShell()),
    'cli/trace/html/page-shell.ts': bundled(await traceShell()),
  };
}
