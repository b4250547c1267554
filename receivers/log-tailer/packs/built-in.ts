import files from './built-in.json' with { type: 'json' };
import type { Pack } from './pack.ts';
import type { PackFile } from './pack-file.ts';
import { resolvePack } from './resolve-pack.ts';

/** Packs that come with the program. */
export const builtInPacks = [
  'node',
  'eks',
  'al2',
  'al2023',
  'bottlerocket',
  'ubuntu',
  'debian',
  'flatcar',
  'kind',
  'kubeadm',
  'generic',
] as const;

export type BuiltInPack = (typeof builtInPacks)[number];

/** A pack that comes with the program: `node build/log-packs.ts` reads them all from their files into one. */
export function builtInPack(name: BuiltInPack): Pack {
  const file = (files as unknown as Readonly<Record<BuiltInPack, PackFile>>)[name];
  const extended = file.extends.filter(isBuiltIn).map((each) => builtInPack(each));
  return resolvePack(file, extended).pack;
}

export function isBuiltIn(name: string): name is BuiltInPack {
  return builtInPacks.some((each) => each === name);
}
