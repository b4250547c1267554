import { isIP } from 'node:net';

import type { Peer } from './target.ts';

/** What the file of the network prober's form says. */
export interface PeersFile {
  readonly peers: readonly Peer[];
  /** Undefined: there is no file. */
  readonly intervalMs: number | undefined;
}

export type ParsedPeersFile =
  | { readonly kind: 'ok'; readonly file: PeersFile }
  | { readonly kind: 'invalid'; readonly problem: string };

const nsPerMs = 1e6;
export const shortestIntervalMs = 10;
export const longestIntervalMs = 3_600_000;

/** Reads the JSON that lists peers by name with a polling period in nanoseconds. By hand: it may list ten thousand. */
export function parsePeersFile(text: string): ParsedPeersFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (caught) {
    return { kind: 'invalid', problem: `not JSON: ${(caught as Error).message}` };
  }
  if (!isObject(value)) return { kind: 'invalid', problem: 'expected object' };
  const { endpointsMap, pollingPeriod, ...unknown } = value;
  const problems = Object.keys(unknown).map((key) => `${key}: unknown key`);
  const periodNs = typeof pollingPeriod === 'number' ? pollingPeriod : Number.NaN;
  if (!(periodNs >= shortestIntervalMs * nsPerMs && periodNs <= longestIntervalMs * nsPerMs))
    problems.push(
      `pollingPeriod: expected nanoseconds from ${shortestIntervalMs} ms to 1 h, got ${JSON.stringify(pollingPeriod)}`,
    );
  if (!isObject(endpointsMap)) problems.push('endpointsMap: expected object');
  const peers = isObject(endpointsMap)
    ? Object.entries(endpointsMap).map(([name, entry]) => readPeer(name, entry, problems))
    : [];
  if (problems.length > 0)
    return { kind: 'invalid', problem: problems.slice(0, mostTold).join('; ') };
  return { kind: 'ok', file: { peers, intervalMs: periodNs / nsPerMs } };
}

/** One list out of several files; the first of them rules the interval. A file that is about to change may have a peer that is in another by now. */
export function joinedPeers(files: readonly PeersFile[]): PeersFile {
  const [first, ...others] = files;
  if (first === undefined) return { peers: [], intervalMs: undefined };
  if (others.length === 0) return first;
  const byId = new Map(files.flatMap(({ peers }) => peers.map((peer) => [peer.id, peer])));
  return { peers: [...byId.values()], intervalMs: first.intervalMs };
}

/** Problems told of one file. */
const mostTold = 10;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readPeer(name: string, entry: unknown, problems: string[]): Peer {
  const { ip, port, ...unknown } = isObject(entry) ? entry : {};
  const where = `endpointsMap.${name}`;
  const address = typeof ip === 'string' && isIP(ip) !== 0 ? ip : '';
  if (address === '')
    problems.push(`${where}.ip: expected an IP address, got ${JSON.stringify(ip)}`);
  // It says which of the own interfaces is meant, and the file is read on many machines.
  if (address.includes('%'))
    problems.push(
      `${where}.ip: expected an IP address without a zone such as %eth0, got ${JSON.stringify(ip)}`,
    );
  const number = typeof port === 'string' && /^\d{1,5}$/.test(port) ? Number(port) : port;
  const isPort =
    typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 65_535;
  if (!isPort)
    problems.push(`${where}.port: expected a port from 1 to 65535, got ${JSON.stringify(port)}`);
  for (const key of Object.keys(unknown)) problems.push(`${where}.${key}: unknown key`);
  return {
    id: `file/${name}`,
    name,
    address,
    port: isPort ? number : 0,
    node: '',
    zone: '',
    rack: '',
    ...podOf(name),
  };
}

/** Where pods of several namespaces have one name, each is called `namespace/name`. */
function podOf(name: string): Pick<Peer, 'namespace' | 'pod'> {
  const [namespace = '', pod] = name.split('/', 2);
  return pod === undefined ? { namespace: '', pod: name } : { namespace, pod };
}
