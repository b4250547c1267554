import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { writeAtomically } from './write-atomically.ts';

/** Remembers over restarts which boots were told. */
export interface ToldBoots {
  readonly has: (traceId: string) => boolean;
  /** Resolves once it is on the disk; rejects where it cannot be written. */
  readonly add: (traceId: string) => Promise<void>;
}

/** More boots than a node has in the time that anybody looks back. */
const most = 16;
const format = z.strictObject({ version: z.literal(1), told: z.array(z.string()) });

/** Without a folder nothing is remembered. What cannot be read is as if it were not there. */
export async function openToldBoots(folder: string): Promise<ToldBoots> {
  const path = join(folder, 'told-boots.json');
  let told = folder === '' ? [] : await read(path);
  return {
    has: (traceId) => told.includes(traceId),
    add: async (traceId) => {
      told = [...told.filter((each) => each !== traceId), traceId].slice(-most);
      if (folder !== '') await writeAtomically(path, JSON.stringify({ version: 1, told }));
    },
  };
}

async function read(path: string): Promise<readonly string[]> {
  try {
    return format.parse(JSON.parse(await readFile(path, 'utf8'))).told;
  } catch {
    return []; // The first time, or damaged: a boot is told again, with the same ids.
  }
}
