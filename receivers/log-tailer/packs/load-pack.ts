import { builtInPack, isBuiltIn } from './built-in.ts';
import type { Pack } from './pack.ts';

/**
 * A pack that comes with the program, by its name, or one of a user's, by a path from `folder` that begins with `./`, `../` or
 * `/`. Rejects with a ConfigError that names every problem: file, key, line, what was expected and what came.
 */
export async function loadPack(named: string, folder: string): Promise<Pack> {
  if (isBuiltIn(named)) return builtInPack(named);
  // What reads YAML takes 15 MB: those who use no pack of their own go without.
  const { packPath, readPack } = await import('./pack-source.ts');
  return readPack(packPath(named, folder), { builtIn: builtInPack }).pack;
}
