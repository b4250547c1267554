/**
 * `node build/image/folder.ts runtime|app FOLDER`: writes one layer of the kube-latency image into a folder, for the
 * Dockerfile. `runtime` needs nothing that npm installs.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layer } from './layer.ts';
import type { TarEntry } from './tar.ts';

const [part = '', folder] = process.argv.slice(2);
const files = await filesOf(part);

if (files === undefined || folder === undefined) {
  console.error('usage: node build/image/folder.ts runtime|app FOLDER');
  process.exitCode = 2;
} else {
  await write(layer(files), folder);
}

async function filesOf(name: string): Promise<TarEntry[] | undefined> {
  switch (name) {
    case 'runtime': {
      const { nodeFiles } = await import('./node-files.ts');
      return nodeFiles(process.execPath, new AbortController().signal);
    }
    case 'app': {
      const { appFiles } = await import('./app-files.ts');
      return appFiles();
    }
    default:
      return undefined;
  }
}

async function write(entries: readonly TarEntry[], to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of entries) {
    const path = join(to, entry.path);
    switch (entry.kind) {
      case 'folder':
        await mkdir(path, { mode: entry.mode, recursive: true });
        break;
      case 'file':
        await writeFile(path, entry.content, { mode: entry.mode });
        break;
      case 'link':
        throw new Error(`no layer of this image has links, got ${entry.path}`);
    }
  }
}
