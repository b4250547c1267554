import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import koffi from 'koffi';

const CLONE_NEWNET = 0x40000000;

/** Whether this process may make namespaces; tests that need some are skipped where it may not, and say so. */
export const mayMakeNetworks = process.platform === 'linux' && process.getuid?.() === 0;

/**
 * Runs work in a network of its own, of which loopback is up and `198.18.0.1` and `2001:2::1` are addresses: sockets and
 * programs that the work opens are in it. Whatever is sent to `203.0.113.0/24` vanishes. ICMP sockets are allowed to
 * `pingGroups`. The network ends with the work.
 */
export async function inOwnNetwork<T>(
  work: () => Promise<T>,
  pingGroups = '0 2147483647',
): Promise<T> {
  const library = koffi.load('libc.so.6');
  const unshare = library.func('int unshare(int)') as (flags: number) => number;
  const setns = library.func('int setns(int, int)') as (fd: number, type: number) => number;
  const home = openSync('/proc/thread-self/ns/net', 'r');
  if (unshare(CLONE_NEWNET) !== 0) throw new Error(`unshare: errno ${koffi.errno()}`);
  try {
    ip('link set lo up');
    ip('address add 198.18.0.1/32 dev lo');
    ip('-6 address add 2001:2::1/128 dev lo nodad');
    // Without address resolution frames leave with a destination that nobody has.
    ip('link add nowhere arp off type veth peer name void');
    ip('link set nowhere up');
    ip('link set void up');
    ip('route add 203.0.113.0/24 dev nowhere');
    writeFileSync('/proc/sys/net/ipv4/ping_group_range', pingGroups);
    return await work();
  } finally {
    const back = setns(home, CLONE_NEWNET);
    closeSync(home);
    assert.equal(back, 0, 'the tests that follow would run in this network');
  }
}

/** `ip link set lo up` in the network that this thread is in. */
function ip(args: string): void {
  execFileSync('ip', args.split(' '), { stdio: ['ignore', 'ignore', 'inherit'] });
}
