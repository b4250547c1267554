import { cpus } from 'node:os';
import type { Benchmark } from './figure.ts';
import { schedulesFigures } from './log-schedules/figures.ts';
import { rounds, runRounds, schedulesInARound, seed } from './log-schedules/run.ts';

/** Ten thousand random schedules of what happens to logs, and to what follows them. */
export async function logSchedules(): Promise<Benchmark> {
  return {
    name: 'log-schedules',
    conditions: [
      `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; seeds ${seed} to ${seed + rounds - 1}`,
      'each is 5 to 40 of: writing whole and unfinished lines of 5 bytes to 9 kB to two logs, floods of single writes, rotation by name and by copy and truncation, truncation, compression, deletion, pauses, an orderly end, SIGKILL, a start',
      'chunks of 4 KiB; globs with and without the rotated names; by inotify and by polling; consumers that take up to 20 ms for a chunk',
      'lost and doubled otherwise: all that receivers/log-tailer/DESIGN.md does not state',
    ],
    figures: schedulesFigures(await runRounds(), rounds * schedulesInARound),
  };
}
