import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Packages written for CommonJS ask for `require`, which a module does not have. */
const requireBanner =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Bundles a program as it is shipped and gives the path of its entry; the caller removes the folder. */
export async function bundle(program: string): Promise<{ entry: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  await build({
    entryPoints: [fileURLToPath(new URL(`../${program}`, import.meta.url))],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: requireBanner },
    logLevel: 'error',
  });
  return { entry: join(folder, 'main.mjs'), folder };
}
