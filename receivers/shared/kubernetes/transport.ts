import { Agent } from 'node:https';
import { createSecureContext } from 'node:tls';

import { within } from '../deadline.ts';
import type { Credentials, KubeConnection } from './config.ts';

/** How to reach the server now: an agent that keeps connections, and the headers that let us in. */
export interface Transport {
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

const freshForMs = 60_000;
/** An exec plugin that asks a question would never end. */
const credentialsTimeoutMs = 20_000;

function sameTls(one: Credentials, other: Credentials): boolean {
  const same = (a: string | Buffer | undefined, b: string | Buffer | undefined): boolean =>
    String(a) === String(b);
  return same(one.ca, other.ca) && same(one.cert, other.cert) && same(one.key, other.key);
}

function createAgent(credentials: Credentials): Agent {
  const { ca, cert, key, passphrase, rejectUnauthorized, servername, proxyAgent } = credentials;
  if (proxyAgent !== undefined) return proxyAgent;
  // One context for all connections: else each parses the certificates again, and each request's
  // pool key contains them.
  const secureContext = createSecureContext({ ca, cert, key, passphrase });
  return new Agent({
    keepAlive: true,
    keepAliveMsecs: 15_000,
    scheduling: 'lifo',
    secureContext,
    rejectUnauthorized,
    ...(servername === undefined ? {} : { servername }),
  });
}

export interface TransportSource {
  /** The transport to use; asks for fresh credentials when they are a minute old or were refused. */
  readonly get: () => Promise<Transport>;
  /** Says that the server refused the credentials: the next get() asks for new ones. */
  readonly refused: () => void;
  /** The credentials last used. */
  readonly credentials: () => Credentials | undefined;
  readonly close: () => void;
}

/** Keeps the credentials of a connection fresh and its agent alive for as long as they are the same. */
export function createTransportSource(connection: KubeConnection): TransportSource {
  let current: { credentials: Credentials; agent: Agent; readAtMs: number } | undefined;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    const asked = await within(connection.credentials(), credentialsTimeoutMs);
    if (asked.kind === 'timeout') {
      throw new Error(
        `credentials of ${connection.origin} took longer than ${credentialsTimeoutMs} ms`,
      );
    }
    const credentials = asked.value;
    const readAtMs = performance.now();
    if (current !== undefined && sameTls(current.credentials, credentials)) {
      current = { ...current, credentials, readAtMs };
      return;
    }
    current = { credentials, agent: createAgent(credentials), readAtMs };
  }

  return {
    get: async () => {
      if (current === undefined || performance.now() - current.readAtMs > freshForMs) {
        reading ??= read().finally(() => (reading = undefined));
        await reading;
      }
      if (current === undefined) throw new Error('credentials were read but are not there');
      return { agent: current.agent, headers: current.credentials.headers };
    },
    refused: () => {
      if (current !== undefined) current.readAtMs = -Infinity;
    },
    credentials: () => current?.credentials,
    close: () => current?.agent.destroy(),
  };
}
