import { execFileSync } from 'node:child_process';

/** Two namespaces joined by a veth pair: probes leave `near`, and `far` answers for very many addresses. */
export interface BenchNetwork {
  readonly near: string;
  readonly far: string;
  readonly remove: () => void;
}

const nearAddress = '198.18.0.1';
export const farAddress = '198.18.0.2';
/** The first of 16,384 addresses that are all behind one neighbour, so that the table of neighbours stays small. */
export const firstPeer = '198.18.64.0';
const pingGroups = 'net.ipv4.ping_group_range=0 2147483647';
const peers = `${firstPeer}/18`;

/** Makes the network, which must be removed. Needs root. */
export function makeNetwork(): BenchNetwork {
  const [near, far] = [`rtt-near-${process.pid}`, `rtt-far-${process.pid}`];
  const remove = (): void => {
    for (const name of [near, far]) attempt(`netns delete ${name}`);
  };
  try {
    ip(`netns add ${near}`);
    ip(`netns add ${far}`);
    ip(`-n ${near} link add rtt0 type veth peer name rtt0 netns ${far}`);
    ip(`-n ${near} address add ${nearAddress}/24 dev rtt0`);
    ip(`-n ${far} address add ${farAddress}/24 dev rtt0`);
    for (const name of [near, far])
      for (const link of ['lo', 'rtt0']) ip(`-n ${name} link set ${link} up`);
    ip(`-n ${near} route add ${peers} via ${farAddress}`);
    ip(`-n ${far} route add local ${peers} dev lo`);
    execFileSync('ip', inside(near, ['sysctl', '--quiet', '--write', pingGroups]));
    return { near, far, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The arguments of `ip` that run a program in a namespace. */
export function inside(namespace: string, command: readonly string[]): string[] {
  return ['netns', 'exec', namespace, ...command];
}

/** The address so many after another. */
export function addressAfter(first: string, index: number): string {
  const number = first.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + index;
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

export function ip(args: string): void {
  execFileSync('ip', args.split(' '), { stdio: ['ignore', 'ignore', 'inherit'] });
}

function attempt(args: string): void {
  try {
    execFileSync('ip', args.split(' '), { stdio: 'ignore' });
  } catch {
    // It was never made.
  }
}
