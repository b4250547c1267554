import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalContext } from '../context.ts';
import { cannotRunHere } from '../errors.ts';
import { isStaticProgram, type OsProgram } from './os-programs.ts';
import { run, runOk, systemPath } from './run.ts';

/**
 * Sees to it that the system has `wanted`. What is missing is installed with apt-get, after saying so, on a Debian-family
 * system and unless `noInstall`; otherwise rejects, naming all of it.
 */
export async function ensureInstalled(
  wanted: readonly OsProgram[],
  noInstall: boolean,
  context: LocalContext,
): Promise<void> {
  const missing = await findMissing(wanted);
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))];
  const advice = `packages of Debian: ${packages.join(' ')}`;
  if (noInstall)
    throw cannotRunHere(
      `missing on this system: ${names}; install them (${advice}), or leave out --no-install`,
    );
  if ((await findProgram('apt-get')) === undefined || !(await exists('/etc/debian_version')))
    throw cannotRunHere(
      `missing on this system, which is not of the Debian family: ${names}; install them yourself (${advice})`,
    );
  context.progress(`missing: ${names}; installing with apt-get: ${packages.join(' ')}`);
  await aptInstall(packages, context);
  const still = await findMissing(missing);
  if (still.length > 0)
    throw cannotRunHere(
      `still missing after apt-get install: ${still.map(({ name }) => name).join(', ')}; install them yourself (${advice})`,
    );
}

async function aptInstall(packages: readonly string[], context: LocalContext): Promise<void> {
  const { signal } = context;
  const env = { ...context.env, PATH: systemPath, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await runOk('apt-get', ['update', '--quiet'], { signal, env });
    const flags = ['--quiet', '--yes', '--no-install-recommends'];
    await runOk('apt-get', ['install', ...flags, ...packages], { signal, env });
  } catch (cause) {
    throw cannotRunHere(
      `cannot install ${packages.join(' ')}: ${(cause as Error).message}; install them yourself, and start it again`,
      {
        cause,
      },
    );
  }
}

async function findMissing(wanted: readonly OsProgram[]): Promise<OsProgram[]> {
  const present = await Promise.all(wanted.map(isPresent));
  return wanted.filter((_, index) => present[index] === false);
}

async function isPresent({ presence }: OsProgram): Promise<boolean> {
  switch (presence.kind) {
    case 'program':
      return (await findProgram(presence.program)) !== undefined;
    case 'header':
      return exists(presence.path);
    case 'static-program': {
      const path = await findProgram(presence.program);
      return path !== undefined && isStaticProgram(await readFile(path));
    }
    case 'pkg-config':
      return (
        (await findProgram('pkg-config')) !== undefined &&
        (await run('pkg-config', ['--exists', presence.library])).code === 0
      );
  }
}

/** Path of a program in the folders of the system, or of `path`. */
export async function findProgram(name: string, path = systemPath): Promise<string | undefined> {
  for (const folder of path.split(':')) {
    const candidate = join(folder, name);
    if (folder !== '' && (await exists(candidate, constants.X_OK))) return candidate;
  }
  return undefined;
}

async function exists(path: string, mode = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
