import { dirname, resolve } from 'node:path';
import { problemsText, readSource } from '../../shared/config-source.ts';
import { ConfigError } from '../../shared/errors.ts';
import { expressionProblem } from '../scan/expression.ts';
import { compilePattern } from '../scan/pattern.ts';
import { builtInPacks, isBuiltIn, type BuiltInPack } from './built-in.ts';
import { packFileSchema, type PackFile } from './pack-file.ts';
import type { Pack } from './pack.ts';
import { resolvePack, type PackProblem } from './resolve-pack.ts';

/** A pack with what its file says by itself. */
export interface PackSource {
  readonly file: PackFile;
  readonly pack: Pack;
}

export interface ReadOptions {
  /** Gives a pack that comes with the program. */
  readonly builtIn: (name: BuiltInPack) => Pack;
  /** Files that are being read because they extend this one. */
  readonly extending?: readonly string[];
}

/**
 * Reads a pack's file and those that it extends. Throws a ConfigError that names every problem: file, key, line, what was expected
 * and what came.
 */
export function readPack(path: string, { builtIn, extending = [] }: ReadOptions): PackSource {
  const way = [...extending, path];
  if (extending.includes(path))
    throw new ConfigError(`${way.join(' extends ')}: expected no pack that extends itself`);
  const source = readSource(path);
  const { values } = source;
  const fail = (problems: readonly PackProblem[]) =>
    new ConfigError(`${path}: ${problemsText(problems, { source, values })}`);
  const parsed = packFileSchema.safeParse(values);
  if (!parsed.success) throw fail(parsed.error.issues);
  const file = parsed.data;
  const folder = dirname(path);
  const extended = file.extends.map((named) =>
    isBuiltIn(named)
      ? builtIn(named)
      : readPack(packPath(named, folder), { builtIn, extending: way }).pack,
  );
  const { pack, problems } = resolvePack(file, extended);
  const all = [...problems, ...patternProblems(file, pack)];
  if (all.length > 0) throw fail(all);
  return { file, pack };
}

/** Where the file of a user's pack is. Throws a ConfigError where it is not said by a path. */
export function packPath(named: string, folder: string): string {
  if (/^\.{0,2}\//.test(named)) return resolve(folder, named);
  throw new ConfigError(
    `pack '${named}': expected one of ${builtInPacks.join(', ')}, or a path that begins with ./, ../ or /`,
  );
}

/** Those of the file's own; the packs that it extends were looked at when they were read. */
function patternProblems(file: PackFile, pack: Pack): readonly PackProblem[] {
  const inJson = new Set(
    pack.sources.filter(({ kind }) => kind === 'container').map(({ name }) => name),
  );
  return (['events', 'counters'] as const).flatMap((list) =>
    file[list].flatMap((entry, index) => {
      const patterns = pack[list].find(({ metric }) => metric === entry.metric)?.patterns ?? [];
      return patterns.flatMap(({ source, pattern }) => {
        const problem = patternProblem(pattern, inJson.has(source));
        if (problem === undefined) return [];
        const key = source in entry.patterns ? ['patterns', source] : ['pattern'];
        return [{ path: [list, index, ...key], message: `${entry.metric}: ${problem}` }];
      });
    }),
  );
}

function patternProblem(pattern: string, inJson: boolean): string | undefined {
  const problem = expressionProblem(pattern);
  if (problem !== undefined) return problem;
  const compiled = compilePattern(pattern, { inJson, expression: () => () => false });
  return compiled.kind === 'invalid' ? compiled.problem : undefined;
}
