import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../local/repository.ts';
import { copyKoffi, koffiIsHere } from '../koffi-files.ts';

/** Names of the programs whose bundles ask for koffi, in the package. */
export const koffiUsers = 'dist/image/koffi-users.json';

/** Stands in for bundling in the npm package, which brings the programs of the image as bundles. */
export async function copyPrograms(
  programs: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  const users = JSON.parse(await readFile(join(repository, koffiUsers), 'utf8')) as string[];
  // npm installs koffi beside the package, unless told to leave out what is optional.
  const withKoffi = koffiIsHere() ? users : [];
  for (const name of Object.keys(programs)) {
    await cp(join(repository, 'dist/image', name), join(folder, name), { recursive: true });
    if (withKoffi.includes(name)) await copyKoffi(join(folder, name, 'node_modules'));
  }
}
