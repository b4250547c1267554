import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PageShell } from './document.ts';

/** Browsers of spring 2024 and later: they have light-dark(). */
const browsers = ['chrome123', 'firefox120', 'safari17.5'];

/** Bundles `main.tsx` and `page.css` of a folder. */
export async function bundlePage(folder: URL): Promise<PageShell> {
  const { outputFiles } = await build({
    entryPoints: ['main.tsx', 'page.css'].map((name) => fileURLToPath(new URL(name, folder))),
    outdir: '.',
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    charset: 'utf8',
    target: browsers,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'error',
  });
  const textOf = (extension: string): string =>
    outputFiles.find(({ path }) => path.endsWith(extension))?.text.trim() ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}
