import { dirname, join, resolve } from 'node:path';
import { problemsText, readSource } from '../../shared/config-source.ts';
import { ConfigError } from '../../shared/errors.ts';
import { compilePack } from '../scan/compile-pack.ts';
import { packFileSchema, type PackFile } from './pack-file.ts';
import type { Pack } from './pack.ts';
import { resolvePack, type PackProblem } from './resolve-pack.ts';

/** Where the packs are that come with the program. */
const builtInFolder = import.meta.dirname;

/** Packs that come with the program: those that others begin with first. */
export const builtInPacks = [
  'node',
  'eks',
  'al2',
  'al2023',
  'bottlerocket',
  'ubuntu',
  'debian',
  'flatcar',
  'kind',
  'kubeadm',
  'generic',
] as const;

/**
 * Loads a pack that comes with the program, by its name, or one of a user's, by a path that begins with `./`, `../` or `/`; the
 * latter from `folder`. Throws a ConfigError that names every problem: file, key, line, what was expected and what came.
 */
export function loadPack(named: string, folder: string): Pack {
  return load(pathOf(named, folder), []);
}

function load(path: string, extending: readonly string[]): Pack {
  if (extending.includes(path))
    throw new ConfigError(
      `${[...extending, path].join(' extends ')}: expected no pack that extends itself`,
    );
  const source = readSource(path);
  const { values } = source;
  const fail = (problems: readonly PackProblem[]) =>
    new ConfigError(`${path}: ${problemsText(problems, { source, values })}`);
  const parsed = packFileSchema.safeParse(values);
  if (!parsed.success) throw fail(parsed.error.issues);
  const file = parsed.data;
  const extended = file.extends.map((named) =>
    load(pathOf(named, dirname(path)), [...extending, path]),
  );
  const { pack, problems } = resolvePack(file, extended);
  const all = [...problems, ...patternProblems(file, pack)];
  if (all.length > 0) throw fail(all);
  return pack;
}

function pathOf(named: string, folder: string): string {
  if (/^\.{0,2}\//.test(named)) return resolve(folder, named);
  if (builtInPacks.some((name) => name === named)) return join(builtInFolder, `${named}.yaml`);
  throw new ConfigError(
    `pack '${named}': expected one of ${builtInPacks.join(', ')}, or a path that begins with ./, ../ or /`,
  );
}

/** Those of the file's own; the packs that it extends were looked at when they were loaded. */
function patternProblems(file: PackFile, pack: Pack): readonly PackProblem[] {
  return compilePack(pack, 'default').problems.flatMap(({ metric, source, problem }) =>
    (['events', 'counters'] as const).flatMap((list) => {
      const index = file[list].findIndex((entry) => entry.metric === metric);
      if (index < 0) return [];
      const key =
        source in (file[list][index]?.patterns ?? {}) ? ['patterns', source] : ['pattern'];
      return [{ path: [list, index, ...key], message: `${metric}: ${problem}` }];
    }),
  );
}
