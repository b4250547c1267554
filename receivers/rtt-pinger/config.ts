import { problemsText, readSource } from '../shared/config-source.ts';
import { ConfigError } from '../shared/errors.ts';
import { configSchema, type Config } from './schema.ts';

/** What the command line gave. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly protocol?: readonly string[] | undefined;
  readonly interval?: string | undefined;
  readonly 'peers-file'?: string | undefined;
}

type Values = Record<string, unknown>;

function text(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** A whole number where the text is one; else the text, for the schema to refuse with its name. */
function numeric(value: string | undefined): unknown {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** What stands between commas. */
function list(value: string | undefined): readonly string[] | undefined {
  return value?.split(',').map((each) => each.trim());
}

/** Seconds without a unit, as the variables of the monitoring agents have them. */
function seconds(value: string | undefined): string | undefined {
  return value !== undefined && /^\d+(\.\d+)?$/.test(value) ? `${value}s` : value;
}

function fromEnvironment(env: NodeJS.ProcessEnv): Values {
  return given({
    nodeName: text(env, 'K8S_NODE_NAME'),
    podName: text(env, 'K8S_POD_NAME'),
    zone: text(env, 'KUBE_LATENCY_ZONE'),
    rack: text(env, 'KUBE_LATENCY_RACK'),
    interval: seconds(text(env, 'SLEEP') ?? text(env, 'TIME')),
    ports: given({
      ping: numeric(text(env, 'HTTP_PORT')),
      metrics: numeric(text(env, 'HTTP_PROMETHEUS_PORT')),
    }),
    protocols: list(text(env, 'KUBE_LATENCY_PROTOCOLS')),
    peers: given({
      file: text(env, 'NET_PROBER_CONFIG_FILE'),
      moreFiles: list(text(env, 'KUBE_LATENCY_PEERS_FILES')),
    }),
  });
}

function given(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Later values win; objects are merged one level down. */
function merged(...layers: readonly Values[]): Values {
  const result: Values = {};
  for (const layer of layers)
    for (const [key, value] of Object.entries(layer)) {
      const before = result[key];
      result[key] = isObject(before) && isObject(value) ? { ...before, ...value } : value;
    }
  return result;
}

/** Whoever brings the network prober's file looks at its histogram, which HTTP alone has. */
function withHttp(values: Values): Values {
  const { peers, protocols } = values;
  const hasFile = isObject(peers) && peers['file'] !== undefined;
  return hasFile && protocols === undefined ? { ...values, protocols: ['icmp', 'http'] } : values;
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The effective configuration: defaults, then the file, then the environment, then flags. Throws a ConfigError that names
 * every problem: where, what was expected, what came.
 */
export function loadConfig(flags: ConfigFlags, env: NodeJS.ProcessEnv): Config {
  const source = readSource(flags.config);
  const fromFlags = given({
    protocols: flags.protocol,
    interval: flags.interval,
    peers: given({ file: flags['peers-file'] }),
  });
  const values = withHttp(merged(source.values, fromEnvironment(env), fromFlags));
  const parsed = configSchema.safeParse(values);
  if (!parsed.success) throw new ConfigError(problemsText(parsed.error.issues, { source, values }));
  const names = parsed.data.peers.static.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ConfigError(`peers.static: expected each name once, got '${twice}' again`);
  return Object.freeze(parsed.data);
}
