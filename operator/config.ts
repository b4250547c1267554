import { problemsText, readSource } from '../receivers/shared/config-source.ts';
import { ConfigError } from '../receivers/shared/errors.ts';
import { configSchema, type Config } from './schema.ts';

/** What is to be done, and how. */
export interface Task extends Config {
  /** Take away what an operator left, instead of being one. */
  readonly remove: boolean;
}

/** What the command line gave. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly namespace?: string | undefined;
  readonly port?: string | undefined;
  readonly 'webhook-port'?: string | undefined;
  readonly 'no-leader-election'?: boolean | undefined;
  readonly remove?: boolean | undefined;
}

type Values = Record<string, unknown>;

function withFlags(values: Values, flags: ConfigFlags, env: NodeJS.ProcessEnv): Values {
  const namespace = flags.namespace ?? env['K8S_NAMESPACE_NAME'];
  const { port, 'webhook-port': webhookPort } = flags;
  return {
    ...(webhookPort === undefined ? values : withWebhook(values, { port: numeric(webhookPort) })),
    ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    ...(port === undefined ? {} : { port: numeric(port) }),
    ...(flags['no-leader-election'] === true ? { leaderElection: false } : {}),
  };
}

/** A whole number where the text is one; else the text, for the schema to refuse with its name. */
function numeric(text: string): unknown {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

function withWebhook(values: Values, webhook: Values): Values {
  const injection = (values['injection'] ?? {}) as Values;
  const before = (injection['webhook'] ?? {}) as Values;
  return { ...values, injection: { ...injection, webhook: { ...before, ...webhook } } };
}

/**
 * The effective configuration: defaults, then the file, then the environment, then flags. Throws a ConfigError that names every
 * problem: where, what was expected, what came.
 */
export function loadConfig(flags: ConfigFlags, env: NodeJS.ProcessEnv): Task {
  const source = readSource(flags.config);
  const values = withFlags(source.values, flags, env);
  const parsed = configSchema.safeParse(values);
  if (!parsed.success) throw new ConfigError(problemsText(parsed.error.issues, { source, values }));
  return Object.freeze({ ...parsed.data, remove: flags.remove === true });
}
