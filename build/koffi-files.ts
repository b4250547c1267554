import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Keeps koffi out of the bundle, because it looks for its binary by the name of a package, and copies what it needs for
 * Linux of this machine's architecture to node_modules beside the bundle. Where npm installed no such binary the bundle is
 * without it, as if koffi could not be loaded.
 */
export function copyingKoffi(folder: string): Plugin {
  return {
    name: 'koffi',
    setup(bundling) {
      let used = false;
      bundling.onResolve({ filter: /^koffi$/ }, ({ path }) => {
        used = true;
        return { path, external: true };
      });
      bundling.onEnd(async () => {
        if (used) await copyKoffi(join(folder, 'node_modules'));
      });
    },
  };
}

/** Whether npm installed koffi, with a binary for this machine. */
export function koffiIsHere(): boolean {
  try {
    const require = createRequire(import.meta.url);
    require.resolve('koffi');
    require.resolve(`@koromix/koffi-linux-${process.arch}/package.json`);
    return true;
  } catch {
    return false;
  }
}

/** Copies koffi, as npm installed it, to a folder of modules. */
export async function copyKoffi(to: string): Promise<void> {
  const resolve = createRequire(import.meta.url).resolve;
  const koffi = dirname(resolve('koffi'));
  const files = [
    'package.json',
    'LICENSE.txt',
    'index.js',
    'src/koffi/index.js',
    'src/koffi/src/static.js',
  ];
  await copy(koffi, join(to, 'koffi'), files);
  const binary = `@koromix/koffi-linux-${process.arch}`;
  const from = join(koffi, '..', binary);
  await copy(from, join(to, binary), [
    'package.json',
    'index.js',
    `linux_${process.arch}/koffi.node`,
  ]);
}

async function copy(from: string, to: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(from, file), join(to, file));
  }
}
