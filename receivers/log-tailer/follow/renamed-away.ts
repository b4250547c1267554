import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { keyAt } from './file.ts';
import type { TailedLog } from './log.ts';
import { parseRotatedName } from './rotated-name.ts';

/** Where the files of logs are now that were renamed out of the globs: names of the same family and directory. */
export async function findRenamedAway(logs: readonly TailedLog[]): Promise<Map<TailedLog, string>> {
  const found = new Map<TailedLog, string>();
  const byFolder = Map.groupBy(logs, ({ lastName }) => dirname(lastName));
  for (const [folder, within] of byFolder)
    for (const name of await namesIn(folder)) {
      const family = parseRotatedName(name).plain;
      const alike = within.filter(
        (log) => parseRotatedName(basename(log.lastName)).plain === family,
      );
      if (alike.length === 0) continue;
      const path = join(folder, name);
      const file = await keyAt(path);
      for (const log of alike) if (log.file === file) found.set(log, path);
    }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    // The directory is gone, and the logs with it.
    return [];
  }
}
