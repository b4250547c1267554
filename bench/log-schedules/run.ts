import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../build/bundle.ts';
import {
  runSchedules,
  type SchedulesResult,
} from '../../test/unit/receivers/log-tailer/follow/schedules/run-schedules.ts';

export const rounds = 20;
export const schedulesInARound = 500;
/** Of the first round; each other takes the next. */
export const seed = 1;
const atOnce = 32;

/** Schedules that fail are on standard error by the end. */
export async function runRounds(): Promise<SchedulesResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  try {
    // It starts in a quarter of the time that its sources take.
    const follower = 'test/unit/receivers/log-tailer/follow/schedules/follower/main.ts';
    const program = await bundle(follower, folder);
    const results: SchedulesResult[] = [];
    for (let round = 0; round < rounds; round++) {
      console.error(`${round * schedulesInARound} of ${rounds * schedulesInARound} schedules`);
      const own = { seed: seed + round, count: schedulesInARound, atOnce, program };
      const result = await runSchedules({ ...own, ends: ['stop', 'kill'] });
      for (const failed of result.failed)
        console.error(JSON.stringify({ seed: own.seed, ...failed }));
      results.push(result);
    }
    return results;
  } finally {
    await rm(folder, { recursive: true });
  }
}
