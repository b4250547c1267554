import { access, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** So many archives of one image stay: those of the branches that somebody works on. */
const kept = 4;

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
  const archive = new RegExp(`^${RegExp.escape(name)}-[0-9a-f]+\\.tar$`);
  const paths = (await readdir(folder)).filter((file) => archive.test(file));
  const used = await Promise.all(
    paths.map(async (file) => ({ file, usedMs: (await stat(join(folder, file))).mtimeMs })),
  );
  const old = used.toSorted((a, b) => b.usedMs - a.usedMs).slice(kept);
  for (const { file } of old) await rm(join(folder, file), { force: true });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
