import { access, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** So many archives of one image stay: those of the branches that somebody works on. */
const kept = 4;

/** Nobody writes one archive for so long: an unfinished one that is older was left by a kill. */
const unfinishedMs = 3_600_000;

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
  if (await exists(path)) {
    const now = new Date();
    await utimes(path, now, now);
    return path;
  }
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
  const archives = await filesLike(folder, new RegExp(`^${RegExp.escape(name)}-[0-9a-f]+\\.tar$`));
  const old = archives.toSorted((a, b) => b.usedMs - a.usedMs).slice(kept);
  const unfinished = await filesLike(
    folder,
    new RegExp(`^\\.${RegExp.escape(name)}-[0-9a-f]+\\.\\d+$`),
  );
  const left = unfinished.filter(({ usedMs }) => Date.now() - usedMs > unfinishedMs);
  for (const { path } of [...old, ...left]) await rm(path, { force: true });
}

async function filesLike(
  folder: string,
  pattern: RegExp,
): Promise<{ path: string; usedMs: number }[]> {
  const paths = (await readdir(folder))
    .filter((file) => pattern.test(file))
    .map((file) => join(folder, file));
  // Another program may have removed it, or given it its name, meanwhile.
  const found = await Promise.all(
    paths.map(async (path) => ({ path, usedMs: (await stat(path).catch(() => null))?.mtimeMs })),
  );
  return found.flatMap(({ path, usedMs }) => (usedMs === undefined ? [] : [{ path, usedMs }]));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
