import { z } from 'zod';

import { problemsText, readSource } from '../shared/config-source.ts';
import { ConfigError } from '../shared/errors.ts';
import { configSchema, type Config } from './schema.ts';

/** What the command line gave. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly role?: readonly string[] | undefined;
}

type Values = Record<string, unknown>;

/** Environment variables and the key that each one sets. */
const environment: Readonly<Record<string, string>> = {
  K8S_NODE_NAME: 'nodeName',
  KUBE_LATENCY_CORRELATOR_ROLE: 'role',
  KUBE_LATENCY_CORRELATOR_LISTEN: 'listen',
  KUBE_LATENCY_CORRELATOR_SEND: 'send',
  KUBE_LATENCY_CORRELATOR_HEALTH: 'health',
  KUBE_LATENCY_CORRELATOR_ANNOTATION: 'annotation',
};

const afterBoot = 'KUBE_LATENCY_CORRELATOR_AFTER_BOOT';

function fromEnvironment(env: NodeJS.ProcessEnv, file: Values): Values {
  const values: Values = Object.fromEntries(
    Object.entries(environment).flatMap(([variable, key]) => {
      const text = env[variable]?.trim() ?? '';
      if (text === '') return [];
      return [[key, key === 'role' ? text.split(',').map((role) => role.trim()) : text]];
    }),
  );
  const after = env[afterBoot]?.trim() ?? '';
  if (after === '') return values;
  // Times that are no mapping stay, for the schema to refuse.
  const { times = {} } = file;
  const isMapping = typeof times === 'object' && times !== null && !Array.isArray(times);
  return isMapping ? { ...values, times: { ...times, afterBoot: after } } : values;
}

/**
 * The effective configuration: defaults, then the file, then the environment, then flags. Throws a
 * ConfigError that names every problem: where, what was expected, what came.
 */
export function loadConfig(flags: ConfigFlags, env: NodeJS.ProcessEnv): Config {
  const source = readSource(flags.config);
  const values = {
    ...source.values,
    ...fromEnvironment(env, source.values),
    ...(flags.role === undefined ? {} : { role: flags.role }),
  };
  const parsed = configSchema.safeParse(values);
  if (!parsed.success) throw new ConfigError(problemsText(parsed.error.issues, { source, values }));
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
