import type { TarEntry } from './tar.ts';

/** The entries of a layer in order of their paths, with the folders that they lie in before them. */
export function layer(entries: readonly TarEntry[]): TarEntry[] {
  const byPath = new Map<string, TarEntry>();
  for (const { path } of entries)
    for (const folder of foldersAbove(path))
      byPath.set(folder, { kind: 'folder', path: folder, mode: 0o755 });
  for (const entry of entries) byPath.set(entry.path, entry);
  return [...byPath.keys()].toSorted().flatMap((path) => byPath.get(path) ?? []);
}

/** A file of the image by its absolute path. */
export function layerFile(path: string, content: Buffer | string, mode = 0o644): TarEntry {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { kind: 'file', path: path.replace(/^\/+/, ''), mode, content: bytes };
}

/** `a` and `a/b` for `a/b/c`. */
function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
