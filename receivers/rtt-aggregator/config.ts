import { problemsText, readSource } from '../shared/config-source.ts';
import { ConfigError } from '../shared/errors.ts';
import { configSchema, type Config } from './schema.ts';

/** What the command line gave. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly pinger?: readonly string[] | undefined;
  readonly interval?: string | undefined;
  readonly port?: string | undefined;
}

type Values = Record<string, unknown>;

/** The flags, over the values of the file. Pingers add to those of the file. */
function withFlags(values: Values, { pinger = [], interval, port }: ConfigFlags): Values {
  const result: Values = { ...values };
  if (interval !== undefined) result['interval'] = interval;
  if (port !== undefined) result['port'] = /^\d{1,9}$/.test(port) ? Number(port) : port;
  if (pinger.length === 0) return result;
  const before = (values['pingers'] ?? {}) as { readonly static?: readonly unknown[] };
  result['pingers'] = { ...before, static: [...(before.static ?? []), ...pinger] };
  return result;
}

/**
 * The effective configuration: defaults, then the file, then flags. Throws a ConfigError that names every problem: where, what was
 * expected, what came.
 */
export function loadConfig(flags: ConfigFlags): Config {
  const source = readSource(flags.config);
  const values = withFlags(source.values, flags);
  const parsed = configSchema.safeParse(values);
  if (!parsed.success) throw new ConfigError(problemsText(parsed.error.issues, { source, values }));
  const { pingers } = parsed.data;
  if (pingers.service === undefined && pingers.static.length === 0)
    throw new ConfigError('pingers: expected a service, static ones or --pinger, got none');
  return Object.freeze(parsed.data);
}
