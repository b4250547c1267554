import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { runOk } from '../../local/host/run.ts';
import { makePackageFolder } from './package-folder.ts';

const packedSchema = z.tuple([
  z.looseObject({ filename: z.string(), size: z.int(), unpackedSize: z.int() }),
]);

export interface PackedPackage {
  readonly path: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
}

/** Makes the npm package in a folder, and its tarball beside that. */
export async function packPackage(folder: string, signal: AbortSignal): Promise<PackedPackage> {
  await makePackageFolder(folder);
  const destination = dirname(folder);
  await mkdir(destination, { recursive: true });
  const args = ['pack', folder, '--json', '--pack-destination', destination];
  const said = await runOk('npm', args, { env: process.env, signal });
  const [{ filename, size, unpackedSize }] = packedSchema.parse(JSON.parse(said));
  return { path: join(destination, filename), bytes: size, unpackedBytes: unpackedSize };
}
