import { readFile } from 'node:fs/promises';

import { bootIdOf } from './boot-trace.ts';
import type { WallClock } from './wall-clock.ts';

/** The boot that this program runs in. */
export interface CurrentBoot {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** When the kernel started, by the clock as it is now. */
  readonly startUnixNs: bigint;
}

/** As the kernel tells it, to containers too; undefined where it does not. */
export async function currentBoot(clock: WallClock): Promise<CurrentBoot | undefined> {
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
