import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Glob, matchFile, matchFolder } from './glob.ts';

/** The files of a glob, by name; links are followed. `onUnreadable` is told of directories that cannot be listed. */
export async function findFiles(
  glob: Glob,
  onUnreadable: (folder: string, error: NodeJS.ErrnoException) => void,
): Promise<string[]> {
  const found: string[] = [];
  await visit(glob.root, new Set());
  return found;

  async function visit(folder: string, above: ReadonlySet<string>): Promise<void> {
    const { holds, leads } = matchFolder(glob, folder);
    const key = await folderKey(folder);
    // A link may lead back to where it is.
    if (key === undefined || above.has(key)) return;
    for (const entry of await list(folder)) {
      const path = join(folder, entry.name);
      if (holds && !entry.isDirectory() && matchFile(glob, entry.name)) found.push(path);
      const mayLead = entry.isDirectory() || entry.isSymbolicLink();
      if (leads && mayLead && isWanted(path)) await visit(path, new Set(above).add(key));
    }
  }

  function isWanted(path: string): boolean {
    const { holds, leads } = matchFolder(glob, path);
    return holds || leads;
  }

  async function list(folder: string): ReturnType<typeof readEntries> {
    try {
      return await readEntries(folder);
    } catch (caught) {
      onUnreadable(folder, caught as NodeJS.ErrnoException);
      return [];
    }
  }
}

async function readEntries(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Tells a directory from all others; undefined for what is none. */
async function folderKey(path: string): Promise<string | undefined> {
  try {
    const stats = await stat(path);
    return stats.isDirectory() ? `${stats.dev}:${stats.ino}` : undefined;
  } catch {
    // It does not exist, or cannot be reached: then nothing of it matches.
    return undefined;
  }
}
