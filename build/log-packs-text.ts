import { join } from 'node:path';
import { builtInPacks, type BuiltInPack } from '../receivers/log-tailer/packs/built-in.ts';
import { readPack, type PackSource } from '../receivers/log-tailer/packs/pack-source.ts';

const folder = join(import.meta.dirname, '../receivers/log-tailer/packs');
export const builtInPacksFile = join(folder, 'built-in.json');

/** All packs that come with the log tailer, as their files say them. Throws a ConfigError where one is not sound. */
export function builtInPacksText(): string {
  const files = builtInPacks.map((name) => [name, readFile(name).file]);
  return `${JSON.stringify(Object.fromEntries(files), null, 1)}\n`;
}

function readFile(name: BuiltInPack): PackSource {
  return readPack(join(folder, `${name}.yaml`), { builtIn: (other) => readFile(other).pack });
}
