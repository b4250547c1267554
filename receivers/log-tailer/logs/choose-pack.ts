import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { builtInPack, builtInPacks, type BuiltInPack } from '../packs/built-in.ts';
import { loadPack } from '../packs/load-pack.ts';
import type { Detection, Pack } from '../packs/pack.ts';

/** The pack of the node's distribution, by its name, by a user's file, or by what the node says of itself. */
const automatic = 'auto';

export interface PackChoice {
  /** `auto`, the name of a pack, or a path that begins with ./, ../ or /. */
  readonly pack: string;
  /** What stands before every path of the node. */
  readonly root: string;
  /** Where the node does not say what it is. */
  readonly otherwise: BuiltInPack;
}

/** Rejects with a ConfigError that names every problem of a user's pack. */
export async function choosePack({ pack, root, otherwise }: PackChoice): Promise<Pack> {
  if (pack !== automatic) return loadPack(pack, '.');
  const release = await readRelease(root);
  return builtInPack(release === undefined ? otherwise : packFor(release));
}

/** Keys of /etc/os-release. */
export interface Release {
  readonly ids: readonly string[];
  readonly version: string;
}

async function readRelease(root: string): Promise<Release | undefined> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return parseRelease(await readFile(join(root, path), 'utf8'));
    } catch {
      // It has the other one, or says nothing of itself.
    }
  }
  return undefined;
}

/** https://www.freedesktop.org/software/systemd/man/latest/os-release.html */
export function parseRelease(text: string): Release {
  const values = new Map(
    text.split('\n').flatMap((line) => {
      const [, key, value = ''] = /^\s*([A-Z_]+)=(.*)$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value.trim().replace(/^(["'])(.*)\1$/, '$2')]];
    }),
  );
  const ids = [values.get('ID') ?? '', ...(values.get('ID_LIKE') ?? '').split(/\s+/)];
  return { ids: ids.filter((id) => id !== ''), version: values.get('VERSION_ID') ?? '' };
}

/** The pack of the first id that one is for; of several the one that names the version. */
export function packFor({ ids, version }: Release): BuiltInPack {
  const packs = builtInPacks.map((name) => ({ name, detect: builtInPack(name).detect }));
  for (const id of ids) {
    const fits = (detection: Detection, exact: boolean): boolean =>
      detection.id === id &&
      (exact ? isVersion(detection.version, version) : detection.version === undefined);
    const found = [true, false]
      .map((exact) => packs.find(({ detect }) => detect.some((each) => fits(each, exact))))
      .find((each) => each !== undefined);
    if (found !== undefined) return found.name;
  }
  return 'generic';
}

function isVersion(wanted: string | undefined, version: string): boolean {
  return wanted !== undefined && (version === wanted || version.startsWith(`${wanted}.`));
}
