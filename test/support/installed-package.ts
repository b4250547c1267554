import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { packPackage } from '../../build/package/pack.ts';
import { start, type Finished } from './command.ts';

const timeoutMs = 180_000;

export interface InstalledPackage {
  /** Empty but for what is made of the package; for a test's own files. */
  readonly folder: string;
  /** The package in node_modules. */
  readonly path: string;
  /** Runs a program with the package's commands in PATH, and a home that is empty. */
  run(
    command: string,
    args: readonly string[],
    env?: Readonly<Record<string, string | undefined>>,
  ): Promise<Finished>;
  remove(): Promise<void>;
}

/** Packs the npm package, and has npm install its tarball in an empty folder. */
export async function installPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-package-'));
  const { path } = await packPackage(join(folder, 'made/npm'), new AbortController().signal);
  const empty = join(folder, 'empty');
  await mkdir(empty);
  // The Node that runs the test goes first, as npm's own scripts would have it.
  const PATH = [
    join(empty, 'node_modules/.bin'),
    dirname(process.execPath),
    process.env['PATH'],
  ].join(delimiter);
  const install = ['install', '--prefix', empty, '--prefer-offline', '--no-audit', '--no-fund'];
  const finished = await start('npm', [...install, path], { env: { PATH }, timeoutMs }).finished;
  assert.equal(finished.code, 0, finished.stderr);
  const home = { PATH, HOME: join(folder, 'home') };
  return {
    folder,
    path: join(empty, 'node_modules/kube-latency'),
    run: (command, args, env = {}) =>
      start(command, args, { env: { ...home, ...env }, timeoutMs }).finished,
    remove: () => rm(folder, { recursive: true }),
  };
}
