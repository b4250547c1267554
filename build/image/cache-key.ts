import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageSources, repository } from '../../local/repository.ts';
import { libraryFiles } from './libraries.ts';
import { stripVersion } from './strip.ts';

/** This Node makes the archives, and brings compression and certificates. */
const maker = `${process.version} ${process.arch}`;

/** Stands for all that decides what is in the image of a program: the program, its libraries, and what packs them. */
export async function programKey(program: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(maker);
  for (const source of imageSources.packing) await addFolder(hash, source);
  await addProgram(hash, program, signal);
  return short(hash);
}

/** The same for the image of Node and the bundles. */
export async function kubeLatencyKey(signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(maker);
  for (const source of imageSources.bundles) await addFolder(hash, source);
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
    : (await readdir(join(repository, name), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(repository.length + 1));
  for (const path of entries.toSorted()) {
    const content = await readFile(join(repository, path));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
}

function short(hash: Hash): string {
  return hash.digest('hex').slice(0, 12);
}
