import type { SchedulesResult } from '../../test/unit/receivers/log-tailer/follow/schedules/run-schedules.ts';
import { measured, type Figure } from '../figure.ts';

/** What must hold of a run, and how much there was of what. */
export function schedulesFigures(rounds: readonly SchedulesResult[], asked: number): Figure[] {
  const total = (of: (round: SchedulesResult) => number): number =>
    rounds.reduce((sum, round) => sum + of(round), 0);
  const written = total((round) => round.written);
  const lost = total((round) => round.lostAsStated);
  return [
    once(
      'schedules',
      '{schedule}',
      total((round) => round.schedules),
      { atLeast: asked },
    ),
    once(
      'with SIGKILL',
      '{schedule}',
      total((round) => round.killed),
      { atLeast: asked / 4 },
    ),
    once('lines', '{line}', written, null),
    once('lost where that is stated', '1', lost / written, { atMost: 0.5 }),
    once(
      'doubled where that is stated',
      '{line}',
      total((round) => round.doubledAsStated),
      null,
    ),
    once(
      'with lines lost or doubled otherwise',
      '{schedule}',
      total((round) => round.failed.length),
      {
        atMost: 0,
      },
    ),
  ];
}

function once(figure: string, unit: string, value: number, goal: Figure['goal']): Figure {
  return { figure, unit, ours: measured([value]), peers: {}, goal };
}
