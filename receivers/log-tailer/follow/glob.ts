import { matchesGlob, resolve } from 'node:path';
import { ConfigError } from '../../shared/errors.ts';

/** A pattern of files: `/var/log/pods/*\/*\/*.log`. */
export interface Glob {
  /** As it was given. */
  readonly text: string;
  /** The directory before the first wildcard; absolute. */
  readonly root: string;
  /** Patterns of the directories below the root, one a level; `**` stands for any number of levels. */
  readonly folders: readonly string[];
  readonly file: string;
}

/** What a directory is to a glob: it may hold files of it, or directories on the way to them, or both. */
export interface FolderMatch {
  readonly holds: boolean;
  readonly leads: boolean;
}

const wildcard = /[*?[{\\]|[!+@]\(/;

/** Throws a ConfigError where the text is no pattern of files. */
export function parseGlob(text: string): Glob {
  if (text === '' || text.endsWith('/'))
    throw new ConfigError(`glob ${JSON.stringify(text)}: expected a pattern of files`);
  if (/[{([][^})\]]*\/[^{([]*[})\]]/.test(text))
    throw new ConfigError(
      `glob ${JSON.stringify(text)}: expected no slash within braces or brackets; give two globs`,
    );
  const segments = resolve(text).split('/').slice(1);
  const file = segments.pop() ?? '';
  if (file === '**')
    throw new ConfigError(`glob ${JSON.stringify(text)}: expected a pattern of files after **`);
  const first = segments.findIndex((segment) => wildcard.test(segment));
  const fixed = first === -1 ? segments.length : first;
  return {
    text,
    root: `/${segments.slice(0, fixed).join('/')}`,
    folders: segments.slice(fixed),
    file,
  };
}

/** Levels below the root at which files are; undefined where any may. */
export function depthOf(glob: Glob): number | undefined {
  return glob.folders.includes('**') ? undefined : glob.folders.length;
}

export function matchFolder(glob: Glob, path: string): FolderMatch {
  if (path === glob.root) return matchLevels(glob.folders, []);
  const prefix = glob.root === '/' ? '/' : `${glob.root}/`;
  if (!path.startsWith(prefix)) return { holds: false, leads: false };
  return matchLevels(glob.folders, path.slice(prefix.length).split('/'));
}

export function matchFile(glob: Glob, name: string): boolean {
  return matchSegment(glob.file, name);
}

function matchLevels(patterns: readonly string[], levels: readonly string[]): FolderMatch {
  const [pattern, ...others] = patterns;
  const [level, ...deeper] = levels;
  if (pattern === undefined) return { holds: level === undefined, leads: false };
  if (pattern === '**') {
    const without = matchLevels(others, levels);
    if (level === undefined) return { holds: without.holds, leads: true };
    const within = level.startsWith('.') ? none : matchLevels(patterns, deeper);
    return { holds: without.holds || within.holds, leads: without.leads || within.leads };
  }
  if (level === undefined) return { holds: false, leads: true };
  return matchSegment(pattern, level) ? matchLevels(others, deeper) : none;
}

const none: FolderMatch = { holds: false, leads: false };

function matchSegment(pattern: string, name: string): boolean {
  return wildcard.test(pattern) ? matchesGlob(name, pattern) : pattern === name;
}
