import { join } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import packageJson from '../../../package.json' with { type: 'json' };
import { ociArchive } from '../../../build/image/oci-archive.ts';
import { packProgram } from '../../../build/image/pack.ts';
import { busyboxImageInput } from '../../../local/cluster/images.ts';
import type { LocalContext } from '../../../local/context.ts';
import { localPaths } from '../../../local/paths.ts';
import { ensurePrograms } from '../../../local/programs/ensure.ts';

/** Paths of the archives that only the tests load: the backends, which users' nodes pull, and a shell. */
export async function testImages(context: LocalContext): Promise<string[]> {
  const folder = join(localPaths(context.env).cacheDir, 'images');
  const packing = { folder, signal: context.signal };
  await mkdir(folder, { recursive: true });
  const { jaeger, prometheus } = await ensurePrograms(['jaeger', 'prometheus'], true, context);
  const busybox = join(folder, 'busybox.tar');
  await writeFile(busybox, await ociArchive(await busyboxImageInput(context.signal)));
  const name = (program: string): string =>
    `localhost/kube-latency/${program}:${packageJson.version}`;
  return [
    (await packProgram(name('jaeger'), jaeger, packing)).path,
    (await packProgram(name('prometheus'), prometheus, packing)).path,
    busybox,
  ];
}
