import { readFileSync } from 'node:fs';

import { LineCounter, parseDocument } from 'yaml';

import { ConfigError, messageOf } from './errors.ts';

/** Keys and values of a YAML file. */
export interface ConfigSource {
  readonly values: Record<string, unknown>;
  /** ` (line N)` of a key, where it was read from a file. */
  readonly lineOf: (path: readonly PropertyKey[]) => string;
}

/** Reads a file; none given: no values. Throws a ConfigError. */
export function readSource(file: string | undefined): ConfigSource {
  if (file === undefined) return { values: {}, lineOf: () => '' };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (caught) {
    throw new ConfigError(`reading ${file}: ${messageOf(caught)}`, { cause: caught });
  }
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken !== undefined) throw new ConfigError(`reading ${file}: ${messageOf(broken)}`);
  const values: unknown = document.toJS() ?? {};
  if (typeof values !== 'object' || Array.isArray(values))
    throw new ConfigError(`reading ${file}: expected keys and values, got ${typeof values}`);
  return {
    values: values as Record<string, unknown>,
    lineOf: (path) => lineOf(text, path),
  };
}

/**
 * The line of the deepest key on the way that is there: one that is missing has none. Where all is well nobody asks, and so the
 * document, which takes a hundred times its text, is not kept until it is known.
 */
function lineOf(text: string, path: readonly PropertyKey[]): string {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  for (let depth = path.length; depth > 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (typeof node !== 'object' || node === null || !('range' in node)) continue;
    const [offset] = (node.range ?? []) as readonly number[];
    if (offset !== undefined) return ` (line ${counter.linePos(offset).line})`;
  }
  return '';
}

function actualAt(values: unknown, path: readonly PropertyKey[]): string {
  let value = values;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return '';
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value === undefined || typeof value === 'object' ? '' : `, got ${JSON.stringify(value)}`;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Every problem on one line: where, what was expected, what came. */
export function problemsText(
  issues: readonly Issue[],
  { source, values }: { readonly source: ConfigSource; readonly values: unknown },
): string {
  const problems = issues.map(({ path, message }) => {
    const shown = message.includes('got') ? '' : actualAt(values, path);
    return `${path.map(String).join('.') || 'configuration'}${source.lineOf(path)}: ${message}${shown}`;
  });
  return problems.join('; ');
}
