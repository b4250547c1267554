import { readFileSync } from 'node:fs';

import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';

import { ConfigError, messageOf } from '../shared/errors.ts';
import { configSchema, type Config } from './schema.ts';

/** What the command line gave. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly role?: readonly string[] | undefined;
}

/** Environment variables and the key that each one sets. */
const environment: Readonly<Record<string, string>> = {
  K8S_NODE_NAME: 'nodeName',
  KUBE_LATENCY_CORRELATOR_ROLE: 'role',
  KUBE_LATENCY_CORRELATOR_LISTEN: 'listen',
  KUBE_LATENCY_CORRELATOR_SEND: 'send',
  KUBE_LATENCY_CORRELATOR_HEALTH: 'health',
  KUBE_LATENCY_CORRELATOR_ANNOTATION: 'annotation',
};

function fromEnvironment(env: NodeJS.ProcessEnv): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([variable, key]) => {
      const text = env[variable]?.trim() ?? '';
      if (text === '') return [];
      return [[key, key === 'role' ? text.split(',').map((role) => role.trim()) : text]];
    }),
  );
}

interface Source {
  readonly values: Record<string, unknown>;
  /** ` (line N)` of a key, where it was read from a file. */
  readonly lineOf: (path: readonly PropertyKey[]) => string;
}

function readSource(file: string | undefined): Source {
  if (file === undefined) return { values: {}, lineOf: () => '' };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (caught) {
    throw new ConfigError(`reading ${file}: ${messageOf(caught)}`, { cause: caught });
  }
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const [broken] = document.errors;
  if (broken !== undefined) throw new ConfigError(`reading ${file}: ${messageOf(broken)}`);
  const values: unknown = document.toJS() ?? {};
  if (typeof values !== 'object' || Array.isArray(values))
    throw new ConfigError(`reading ${file}: expected keys and values, got ${typeof values}`);
  return {
    values: values as Record<string, unknown>,
    lineOf: (path) => lineOf(document, counter, path),
  };
}

/** The line of the deepest key on the way that is there: one that is missing has none. */
function lineOf(document: Document, counter: LineCounter, path: readonly PropertyKey[]): string {
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

/**
 * The effective configuration: defaults, then the file, then the environment, then flags. Throws a
 * ConfigError that names every problem: where, what was expected, what came.
 */
export function loadConfig(flags: ConfigFlags, env: NodeJS.ProcessEnv): Config {
  const source = readSource(flags.config);
  const values = {
    ...source.values,
    ...fromEnvironment(env),
    ...(flags.role === undefined ? {} : { role: flags.role }),
  };
  const parsed = configSchema.safeParse(values);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      const shown = message.includes('got') ? '' : actualAt(values, path);
      return `${path.map(String).join('.') || 'configuration'}${source.lineOf(path)}: ${message}${shown}`;
    });
    throw new ConfigError(problems.join('; '));
  }
  const config = parsed.data;
  if (config.role.includes('node') && config.nodeName === undefined)
    throw new ConfigError(
      'nodeName: expected K8S_NODE_NAME or the key for the role node, got none',
    );
  const { held, queue } = config.limits;
  if (queue < held)
    throw new ConfigError(
      `limits.queue: expected no less than limits.held, ${held} B, whose copies may come out at once, got ${queue} B`,
    );
  return Object.freeze(config);
}

/** The JSON Schema of the file. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: 'input' });
}
