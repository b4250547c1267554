import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../host/run.ts';
import type { Snapshotter } from './containerd-config.ts';

/** Overlays where the file system of the folder carries them, as ext4 and xfs do; a container's own file system does not. */
export async function chooseSnapshotter(folder: string, signal: AbortSignal): Promise<Snapshotter> {
  const trial = join(folder, 'overlay-trial');
  const [lower, upper, work, merged] = ['lower', 'upper', 'work', 'merged'].map((name) =>
    join(trial, name),
  );
  for (const path of [lower, upper, work, merged]) await mkdir(path ?? trial, { recursive: true });
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  // In a mount namespace that ends with the command, so that nothing has to be unmounted.
  const mount = ['mount', '-n', '-t', 'overlay', '-o', options, 'overlay', merged ?? ''];
  const { code } = await run('unshare', ['--mount', '--', ...mount], { signal });
  await rm(trial, { recursive: true });
  return code === 0 ? 'overlayfs' : 'native';
}
