import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartupError, messageOf } from '../../shared/errors.ts';
import {
  type Checkpoints,
  formatCheckpoints,
  noCheckpoints,
  parseCheckpoints,
} from './checkpoint-format.ts';

export type LoadedCheckpoints =
  | { readonly kind: 'loaded'; readonly checkpoints: Checkpoints }
  /** It was set aside under another name. */
  | { readonly kind: 'set aside'; readonly problem: string; readonly aside: string };

/** Rejects with a StartupError where the file cannot be read, or set aside. */
export async function loadCheckpoints(path: string): Promise<LoadedCheckpoints> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const read = parseCheckpoints(await readFile(path, 'utf8'));
    if (read.kind === 'read') return { kind: 'loaded', checkpoints: read.checkpoints };
    const aside = `${path}.unusable`;
    await rename(path, aside);
    return { kind: 'set aside', problem: read.problem, aside };
  } catch (caught) {
    if ((caught as NodeJS.ErrnoException).code === 'ENOENT')
      return { kind: 'loaded', checkpoints: noCheckpoints };
    throw new StartupError(`checkpoints: ${messageOf(caught)}`, { cause: caught });
  }
}

/** After a crash at any moment there is the old file or the new one, whole. */
export async function saveCheckpoints(path: string, checkpoints: Checkpoints): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(formatCheckpoints(checkpoints));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  const directory = await open(dirname(path), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
