import { problemsText, readSource } from '../shared/config-source.ts';
import { ConfigError } from '../shared/errors.ts';
import { configSchema, type Config } from './schema.ts';

/** What the command line gave. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly 'cloudwatch-metrics'?: boolean | undefined;
  readonly 'prometheus-metrics'?: boolean | undefined;
  readonly 'metrics-port'?: string | undefined;
  readonly 'otel-metrics'?: boolean | undefined;
  readonly 'otel-endpoint'?: string | undefined;
  readonly 'experiment-dimension'?: string | undefined;
  readonly timeout?: string | undefined;
  readonly 'retry-delay'?: string | undefined;
  readonly 'imds-endpoint'?: string | undefined;
  readonly imds?: boolean | undefined;
  readonly kubernetes?: boolean | undefined;
  readonly 'pod-namespace'?: string | undefined;
  readonly 'node-name'?: string | undefined;
  readonly output?: string | undefined;
  readonly comments?: boolean | undefined;
  readonly classic?: boolean | undefined;
  readonly anchor?: string | undefined;
  readonly 'show-unresolved-events'?: boolean | undefined;
}

type Values = Record<string, unknown>;

/** How a variable's or a flag's text becomes a value; what it cannot be made of is left for the schema to refuse with its name. */
type Reading = (text: string) => unknown;

const asText: Reading = (text) => text;
const asWhole: Reading = (text) => (/^\d{1,9}$/.test(text) ? Number(text) : text);
/** Seconds without a unit, or a duration. */
const asSeconds: Reading = (text) => (/^\d{1,9}$/.test(text) ? `${text}s` : text);
const asBoolean: Reading = (text) => {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : text;
};
const asNegative: Reading = (text) => {
  const value = asBoolean(text);
  return typeof value === 'boolean' ? !value : value;
};

interface Setting {
  /** Key in the configuration. */
  readonly path: readonly string[];
  readonly flag: Exclude<keyof ConfigFlags, 'config'> | undefined;
  /** Variables of the environment, the first before the others. */
  readonly env: readonly string[];
  readonly read: Reading;
}

/** Every setting that has a flag or a variable. */
export const settings: readonly Setting[] = [
  setting('cloudwatch', 'cloudwatch-metrics', ['CLOUDWATCH_METRICS'], asBoolean),
  setting('prometheus', 'prometheus-metrics', ['PROMETHEUS_METRICS'], asBoolean),
  setting('port', 'metrics-port', ['METRICS_PORT'], asWhole),
  setting('otlp.once', 'otel-metrics', ['OTEL_METRICS'], asBoolean),
  setting('otlp.endpoint', 'otel-endpoint', [], asText),
  setting('experiment', 'experiment-dimension', ['EXPERIMENT_DIMENSION'], asText),
  setting('timeout', 'timeout', ['TIMEOUT'], asSeconds),
  setting('retryDelay', 'retry-delay', ['RETRY_DELAY'], asSeconds),
  setting('imds.endpoint', 'imds-endpoint', ['IMDS_ENDPOINT'], asText),
  setting('imds.enabled', 'imds', ['NO_IMDS'], asNegative),
  setting('kubernetes', 'kubernetes', ['NO_KUBERNETES'], asNegative),
  setting('pod.namespace', 'pod-namespace', ['POD_NAMESPACE'], asText),
  setting('nodeName', 'node-name', ['NODE_NAME', 'K8S_NODE_NAME'], asText),
  setting('output', 'output', ['OUTPUT'], asText),
  setting('comments', 'comments', ['NO_COMMENTS'], asNegative),
  setting('classic', 'classic', ['CLASSIC'], asBoolean),
  setting('anchor', 'anchor', ['ANCHOR'], asText),
  setting('showUnresolved', 'show-unresolved-events', [], asBoolean),
];

function setting(path: string, flag: Setting['flag'], env: string[], read: Reading): Setting {
  return { path: path.split('.'), flag, env, read };
}

/** The value of a setting, and what gave it: for a problem with it to name. */
interface Given {
  readonly value: unknown;
  readonly by: string;
}

/** A variable that is empty counts as one that is not set. */
function given(
  { flag, env: names, read }: Setting,
  flags: ConfigFlags,
  env: NodeJS.ProcessEnv,
): Given | undefined {
  const told = flag === undefined ? undefined : flags[flag];
  if (told !== undefined)
    return { value: typeof told === 'string' ? read(told) : told, by: `--${flag}` };
  for (const name of names) {
    const text = env[name]?.trim() ?? '';
    if (text !== '') return { value: read(text), by: name };
  }
  return undefined;
}

/** A copy of nested values with one of them set. */
function withValue(values: Values, [key = '', ...rest]: readonly string[], value: unknown): Values {
  if (rest.length === 0) return { ...values, [key]: value };
  const inner = values[key];
  const below = typeof inner === 'object' && inner !== null ? (inner as Values) : {};
  return { ...values, [key]: withValue(below, rest, value) };
}

/**
 * The effective configuration: defaults, then the file, then the environment, then flags. Throws a ConfigError that names every problem:
 * where, what was expected, what came.
 */
export function loadConfig(flags: ConfigFlags, env: NodeJS.ProcessEnv): Config {
  const source = readSource(flags.config);
  const givenBy = new Map<string, string>();
  let values: Values = source.values;
  for (const each of settings) {
    const found = given(each, flags, env);
    if (found === undefined) continue;
    values = withValue(values, each.path, found.value);
    givenBy.set(each.path.join('.'), found.by);
  }
  const parsed = configSchema.safeParse(values);
  if (parsed.success) return Object.freeze(parsed.data);
  // What was not read from the file has no line in it.
  const lineOf = (path: readonly PropertyKey[]): string => {
    const by = givenBy.get(path.map(String).join('.'));
    return by === undefined ? source.lineOf(path) : ` (${by})`;
  };
  throw new ConfigError(
    problemsText(parsed.error.issues, { source: { ...source, lineOf }, values }),
  );
}
