import { network } from '../plan.ts';

/**
 * The host's resolv.conf as pods may use it. Resolvers on the host's loopback are left out: a pod's loopback is its own.
 * Where none remains, the host's address on the bridge stands in, so that the file stays valid.
 */
export function podResolvConf(hostText: string): string {
  const lines = hostText.split('\n').filter((line) => !/^\s*nameserver\s+(127\.|::1)/.test(line));
  const hasResolver = lines.some((line) => /^\s*nameserver\s/.test(line));
  return [...lines, ...(hasResolver ? [] : [`nameserver ${network.hostAddress}`, ''])].join('\n');
}
