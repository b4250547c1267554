import { fileURLToPath } from 'node:url';

import type { BuildOptions } from 'esbuild';

const nowhere = fileURLToPath(new URL('./kubernetes/no-undici.ts', import.meta.url));

/**
 * How a program of this project is bundled: ESM in a folder, its main file small and the rest loaded
 * when needed, so that the first request leaves early. One single file would have to be parsed whole.
 */
export function bundleOptions(entry: string, folder: string): BuildOptions {
  return {
    entryPoints: [entry],
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    alias: { undici: nowhere },
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
    },
  };
}
