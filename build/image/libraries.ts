import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { layerFile } from './layer.ts';
import type { TarEntry } from './tar.ts';

/** A shared library: where the loader looks for it, and where it lies on this machine. */
export interface Library {
  readonly path: string;
  readonly source: string;
}

/**
 * The shared libraries that a program needs, its loader among them, as files of an image. What this machine reaches by
 * symbolic links (`/lib64`, `libstdc++.so.6`) is one plain file there, at the path that the loader asks for.
 */
export async function libraryFiles(program: string, signal: AbortSignal): Promise<TarEntry[]> {
  const libraries = parseLdd(await ldd(program, signal));
  return Promise.all(
    libraries.map(async ({ path, source }) => layerFile(path, await readFile(source), 0o755)),
  );
}

/** Reads the output of `ldd`. Throws when a library is missing. */
export function parseLdd(text: string): Library[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', source] = /^\s*(\S+)(?: => (.+?))?(?: \(0x[0-9a-f]+\))?$/.exec(line) ?? [];
    if (source === 'not found') throw new Error(`shared library not found: ${name}`);
    // The loader, which stands in the program itself, by its whole path.
    if (name.startsWith('/')) return [{ path: name, source: source ?? name }];
    return source?.startsWith('/') ? [{ path: source, source }] : [];
  });
}

async function ldd(program: string, signal: AbortSignal): Promise<string> {
  const options = { signal, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  try {
    return (await promisify(execFile)('ldd', [program], options)).stdout;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    if (stderr?.includes('not a dynamic executable') === true) return '';
    throw new Error(`ldd ${program}: ${stderr?.trim() ?? String(error)}`, { cause: error });
  }
}
