import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigError } from '../../shared/errors.ts';
import { utc, zoneNamed, type Zone } from '../clock/zone.ts';

/** The zone of that name, of the node where none is named, else UTC. Rejects with a ConfigError where there is no such zone. */
export async function hostZone(name: string, root: string): Promise<Zone> {
  if (name !== '') {
    const zone = zoneNamed(name);
    if (zone === undefined)
      throw new ConfigError(
        `timeZone: expected a name such as Europe/Berlin or +02:00, got '${name}'`,
      );
    return zone;
  }
  const found = (await linkedZone(root)) ?? (await namedZone(root)) ?? '';
  return zoneNamed(found) ?? utc;
}

async function linkedZone(root: string): Promise<string | undefined> {
  const target = await readlink(join(root, '/etc/localtime')).catch(() => '');
  return /\/zoneinfo\/(.+)$/.exec(target)?.[1];
}

async function namedZone(root: string): Promise<string | undefined> {
  const text = await readFile(join(root, '/etc/timezone'), 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}
