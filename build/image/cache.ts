import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** So many archives of one image stay: those of the branches that somebody works on. */
const kept = 4;

/** What was touched so recently stays: another program may be importing it, or still be writing it. */
const inUseMs = 3_600_000;

/**
 * Path of the archive `NAME-KEY.tar` in the folder, made first if it is not there. It appears whole or not at all, so several
 * programs may do this at once. Of the same name, those used last stay.
 */
export async function cached(
  folder: string,
  { name, key }: { readonly name: string; readonly key: string },
  make: () => Promise<Buffer>,
): Promise<string> {
  const path = join(folder, `${name}-${key}.tar`);
  if (await touched(path)) return path;
  await mkdir(folder, { recursive: true });
  const fresh = join(folder, `.${name}-${key}.${process.pid}`);
  try {
    await writeFile(fresh, await make());
    await rename(fresh, path);
  } finally {
    await rm(fresh, { force: true });
  }
  await removeOld(folder, name);
  return path;
}

async function removeOld(folder: string, name: string): Promise<void> {
  const like = (pattern: string): Promise<FileUse[]> =>
    filesLike(folder, new RegExp(pattern.replace('NAME', RegExp.escape(name))));
  const archives = await like('^NAME-[0-9a-f]+\\.tar$');
  const old = archives.toSorted((a, b) => b.usedMs - a.usedMs).slice(kept);
  const unfinished = await like('^\\.NAME-[0-9a-f]+\\.\\d+$');
  for (const { path, usedMs } of [...old, ...unfinished])
    if (Date.now() - usedMs > inUseMs) await rm(path, { force: true });
}

interface FileUse {
  readonly path: string;
  readonly usedMs: number;
}

async function filesLike(folder: string, pattern: RegExp): Promise<FileUse[]> {
  const paths = (await readdir(folder))
    .filter((file) => pattern.test(file))
    .map((file) => join(folder, file));
  // Another program may have removed it, or given it its name, meanwhile.
  const found = await Promise.all(
    paths.map(async (path) => ({ path, usedMs: (await stat(path).catch(() => null))?.mtimeMs })),
  );
  return found.flatMap(({ path, usedMs }) => (usedMs === undefined ? [] : [{ path, usedMs }]));
}

/** Marks a file as used now; false where there is none. */
async function touched(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
