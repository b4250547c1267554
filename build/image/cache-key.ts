import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { libraryFiles } from './libraries.ts';
import { stripVersion } from './strip.ts';

const root = resolve(import.meta.dirname, '../..');

/** What the bundles are made of; what npm brings is in the lock file. */
const sources = [
  'receivers',
  'operator',
  'cli',
  'local',
  'kind',
  'build',
  'package.json',
  'package-lock.json',
];

/** This Node makes the archives, and brings compression and certificates. */
const maker = `${process.version} ${process.arch}`;

/** Stands for all that decides what is in the image of a program: the program, its libraries, and what packs them. */
export async function programKey(program: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(maker);
  await addFolder(hash, 'build/image');
  await addProgram(hash, program, signal);
  return short(hash);
}

/** The same for the image of Node and the bundles. */
export async function kubeLatencyKey(signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(maker);
  for (const source of sources) await addFolder(hash, source);
  hash.update((await stripVersion(signal)) ?? 'no strip');
  await addProgram(hash, process.execPath, signal);
  return short(hash);
}

type Hash = ReturnType<typeof createHash>;

async function addProgram(hash: Hash, program: string, signal: AbortSignal): Promise<void> {
  hash.update(await readFile(program));
  for (const library of await libraryFiles(program, signal))
    if (library.kind === 'file') hash.update(`${library.path}\n`).update(library.content);
}

/** Every file below a folder of the repository, or the one file. */
async function addFolder(hash: Hash, name: string): Promise<void> {
  const entries = name.includes('.')
    ? [name]
    : (await readdir(join(root, name), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  for (const path of entries.toSorted()) {
    const content = await readFile(join(root, path));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
}

function short(hash: Hash): string {
  return hash.digest('hex').slice(0, 12);
}
