import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { RequestOptions, Agent } from 'node:https';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';

import { ConfigError, messageOf } from '../errors.ts';

/** What a request must carry to be let in; a fresh one is asked for now and then (tokens change). */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly ca: string | Buffer | undefined;
  readonly cert: string | Buffer | undefined;
  readonly key: string | Buffer | undefined;
  readonly passphrase: string | undefined;
  readonly rejectUnauthorized: boolean;
  readonly servername: string | undefined;
  /** An agent through the proxy that the kubeconfig names; undefined: no proxy. */
  readonly proxyAgent: Agent | undefined;
}

/** An API server and the way to be let in. */
export interface KubeConnection {
  readonly server: URL;
  /** Where this came from, for messages: a file, or `in-cluster service account`. */
  readonly origin: string;
  /** Namespace of the kubeconfig's context. */
  readonly contextNamespace: string | undefined;
  /** May start an exec plugin or read files; rejects when that fails. */
  readonly credentials: () => Promise<Credentials>;
}

export interface KubeConfigChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

interface Found {
  readonly origin: string;
  readonly load: (config: KubeConfig) => void;
}

function findConfig(choice: KubeConfigChoice, env: NodeJS.ProcessEnv): Found {
  const { kubeconfig } = choice;
  if (kubeconfig !== undefined) {
    return {
      origin: `kubeconfig ${kubeconfig}`,
      load: (config) => config.loadFromFile(kubeconfig),
    };
  }
  const fromEnv = env['KUBECONFIG'];
  if (fromEnv !== undefined && fromEnv.split(delimiter).some((file) => file !== '')) {
    return { origin: `KUBECONFIG ${fromEnv}`, load: (config) => config.loadFromDefault() };
  }
  const home = join(homedir(), '.kube', 'config');
  if (existsSync(home)) {
    return { origin: `kubeconfig ${home}`, load: (config) => config.loadFromFile(home) };
  }
  if (existsSync(serviceAccountToken)) {
    return { origin: 'in-cluster service account', load: (config) => config.loadFromCluster() };
  }
  throw new ConfigError(
    `no kubeconfig: expected --kubeconfig, KUBECONFIG, ${home} or the service account of a pod, found none`,
    { code: 'no-kubeconfig' },
  );
}

function selectContext(config: KubeConfig, context: string | undefined, origin: string): void {
  if (context !== undefined) config.setCurrentContext(context);
  const name = config.getCurrentContext();
  if (config.getContextObject(name) === null) {
    const known = config.getContexts().map((each) => each.name);
    throw new ConfigError(
      `${origin}: expected context '${name}' among [${known.join(', ')}], found none of that name`,
    );
  }
  if (config.getCurrentUser() === null || config.getCurrentCluster() === null) {
    throw new ConfigError(`${origin}: context '${name}' names a user or cluster that is not there`);
  }
}

function serverOf(config: KubeConfig, origin: string): URL {
  const text = config.getCurrentCluster()?.server ?? '';
  if (!URL.canParse(text) || new URL(text).protocol !== 'https:') {
    throw new ConfigError(
      `${origin}: expected a server address starting with https://, got '${text}'`,
    );
  }
  return new URL(text);
}

/** What KubeConfig writes into the options of a request. */
type FilledOptions = Omit<RequestOptions, 'headers' | 'ca' | 'cert' | 'key'> & {
  headers?: Record<string, string>;
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
};

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: FilledOptions = {};
  await config.applyToHTTPSOptions(options);
  const basic: Record<string, string> =
    typeof options.auth === 'string'
      ? { Authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` }
      : {};
  return {
    headers: { ...basic, ...options.headers },
    ca: options.ca,
    cert: options.cert,
    key: options.key,
    passphrase: options.passphrase,
    rejectUnauthorized: options.rejectUnauthorized ?? true,
    servername: options.servername,
    proxyAgent:
      config.getCurrentCluster()?.proxyUrl === undefined ? undefined : (options.agent as Agent),
  };
}

/**
 * Loads the connection from --kubeconfig, KUBECONFIG, ~/.kube/config or the pod's service account,
 * whichever comes first. Rejects with a ConfigError of one line when there is none (its code is then
 * `no-kubeconfig`) or it is broken.
 *
 * Only client-node's KubeConfig is imported, and late: the package's own door loads every model.
 */
export async function loadKubeConnection(
  choice: KubeConfigChoice,
  env: NodeJS.ProcessEnv,
): Promise<KubeConnection> {
  const { config, origin } = await loadKubeConfig(choice, env);
  return {
    server: serverOf(config, origin),
    origin,
    contextNamespace: config.getContextObject(config.getCurrentContext())?.namespace,
    credentials: () => credentialsOf(config),
  };
}

/** The same as client-node keeps it, for what only client-node does. */
export async function loadKubeConfig(
  choice: KubeConfigChoice,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly config: KubeConfig; readonly origin: string }> {
  const { origin, load } = findConfig(choice, env);
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  try {
    load(config);
  } catch (caught) {
    throw new ConfigError(`reading ${origin}: ${messageOf(caught)}`, { cause: caught });
  }
  selectContext(config, choice.context, origin);
  return { config, origin };
}

/** Groups whose callers the API server lets join their own trace (Kubernetes 1.33 and later). */
const tracePrivileged: ReadonlySet<string> = new Set(['system:monitoring', 'system:masters']);

/**
 * Whether the API server's spans join the caller's trace as children (`native`) or start a trace of
 * their own with a link to it (`links`), as far as the client certificate tells: its organisations
 * are the caller's groups. A token's groups are only known to the server, so it counts as `links`.
 */
export function traceJoinOf(cert: string | Buffer | undefined): 'native' | 'links' {
  if (cert === undefined) return 'links';
  const subject = new X509Certificate(cert).subject.split(/[\n+]/);
  const privileged = subject.some((part) => tracePrivileged.has(part.trim().replace(/^O=/, '')));
  return privileged ? 'native' : 'links';
}
