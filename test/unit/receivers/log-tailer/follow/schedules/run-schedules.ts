import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { schedules, type Schedule } from './operations.ts';
import { runSchedule, type ScheduleResult } from './run-schedule.ts';

/** A schedule after which lines were lost or doubled that must not have been, or in which the follower threw. */
export interface FailedSchedule {
  /** Which of those of the seed. */
  readonly number: number;
  readonly schedule: Schedule;
  readonly problems: readonly string[];
  readonly state: string;
}

/** What came of many schedules. */
export interface SchedulesResult {
  readonly schedules: number;
  /** Those in which the follower was killed, and had a process of its own. */
  readonly killed: number;
  /** Lines. */
  readonly written: number;
  readonly lostAsStated: number;
  readonly doubledAsStated: number;
  readonly failed: readonly FailedSchedule[];
}

export interface SchedulesOptions {
  readonly seed: number;
  readonly count: number;
  readonly atOnce: number;
  /** Ways in which followers end. */
  readonly ends: readonly ('stop' | 'kill')[];
  /** The program of a follower with a process of its own. */
  readonly program?: string;
}

/** Runs the schedules that belong to a seed, several at once, for most of their time is waiting. */
export async function runSchedules(options: SchedulesOptions): Promise<SchedulesResult> {
  const { seed, count, atOnce, ends, program = followerProgram } = options;
  const all = fc.sample(schedules(ends), { seed, numRuns: count });
  const failed: FailedSchedule[] = [];
  const total = { killed: 0, written: 0, lostAsStated: 0, doubledAsStated: 0 };
  const waiting = all.entries();

  async function work(): Promise<void> {
    for (const [number, schedule] of waiting) {
      const killed = schedule.operations.some(({ kind }) => kind === 'kill');
      const result = await attempt(schedule, killed ? program : undefined);
      total.killed += Number(killed);
      total.written += result.written;
      total.lostAsStated += result.lostAsStated;
      total.doubledAsStated += result.doubledAsStated;
      const { problems, state } = result;
      if (problems.length > 0) failed.push({ number, schedule, problems, state });
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));
  return { schedules: all.length, ...total, failed };
}

const followerProgram = fileURLToPath(new URL('follower/main.ts', import.meta.url));

async function attempt(schedule: Schedule, program: string | undefined): Promise<ScheduleResult> {
  try {
    return await runSchedule(schedule, program);
  } catch (caught) {
    const problems = [caught instanceof Error ? (caught.stack ?? caught.message) : String(caught)];
    return { written: 0, lostAsStated: 0, doubledAsStated: 0, problems, state: '' };
  }
}
