import { readFile } from 'node:fs/promises';

import { bootIdOf } from '../../shared/boot-trace.ts';
import type { WallClock } from '../../shared/wall-clock.ts';
import type { KnownBoot } from '../boot/boots.ts';

/** The boot that this program runs in, as the kernel tells it also to containers; undefined where it does not. */
export async function currentBoot(clock: WallClock): Promise<KnownBoot | undefined> {
  try {
    const [random, uptime] = await Promise.all(
      ['/proc/sys/kernel/random/boot_id', '/proc/uptime'].map((path) => readFile(path, 'utf8')),
    );
    const id = bootIdOf(random ?? '');
    const seconds = Number.parseFloat(uptime ?? '');
    if (id === undefined || !(seconds > 0)) return undefined;
    return { id, startUnixNs: clock.nowNs() - BigInt(Math.round(seconds * 1e9)) };
  } catch {
    return undefined; // No Linux, or a sandbox without /proc.
  }
}
