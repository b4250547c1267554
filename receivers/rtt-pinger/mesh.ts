import type { Log } from '../shared/log.ts';
import type { Wanted } from './core/target.ts';
import { createBoundedMesh, type BoundedMesh } from './core/topology/bounded.ts';
import { chooseMesh, exceeded, type MeshLimits } from './core/topology/choice.ts';
import type { Membership } from './core/topology/members.ts';
import { restRoundsOf, suspicionRules } from './core/topology/suspicion.ts';
import type { ProbeLoop } from './edge/probe-loop.ts';

export interface MeshOptions {
  readonly loop: Pick<ProbeLoop, 'follow' | 'once'>;
  readonly limits: MeshLimits;
  readonly log: Pick<Log, 'info'>;
  /** A round has begun; keys of the pairs that are at fault as far as repeated probes tell, none in a full mesh. */
  readonly onRound: (convicted: ReadonlySet<string>) => void;
}

/** Whom the loop probes when: all targets in every interval, or by the plan those whose turn it is. */
export interface Mesh {
  /** Takes the targets as they are now, and the members that they are on. */
  readonly follow: (targets: readonly Wanted[], membership: Membership, intervalMs: number) => void;
  /** What became of a probe. */
  readonly note: (target: Wanted, lost: boolean) => void;
  readonly state: () => MeshState;
  /** Follows the rounds until it is stopped. */
  readonly start: () => void;
  readonly stop: () => void;
}

export interface MeshState {
  /** Every target is probed in every interval. */
  readonly full: boolean;
  /** Targets that are probed at all. */
  readonly followed: number;
  readonly roundMs: number;
  /** A success is the current one for so long, and the timeout of the next probe. */
  readonly freshMs: number;
  readonly convicted: ReadonlySet<string>;
}

/** In a full mesh a success is the current one for so many intervals. */
const freshIntervals = 3;
/** By the plan a turn may come so much later than the last one: each is somewhere in its round. */
const slackRounds = 2;

export function createMesh({ loop, limits, log, onRound }: MeshOptions): Mesh {
  let bounded: BoundedMesh | undefined;
  let followed = 0;
  let roundMs = 1000;
  let freshMs = freshIntervals * roundMs;
  let convicted: ReadonlySet<string> = new Set();
  /** The round that was played last, by its length and number. */
  let played = '';
  let timer: NodeJS.Timeout | undefined;

  /** Rounds are numbered by the wall clock, alike at every node. What is sent once in a round is not sent again. */
  function playRound(): void {
    if (bounded !== undefined) {
      const number = Math.floor(Date.now() / roundMs);
      const name = `${roundMs} ${number}`;
      loop.follow(bounded.steady(), roundMs);
      if (name !== played) loop.once(bounded.round(number));
      played = name;
    }
    convicted = bounded?.convicted() ?? new Set();
    onRound(convicted);
  }

  /** At the beginning of each round, which none may miss: its length may change from one to the next. */
  function playRounds(): void {
    timer = setTimeout(
      () => {
        playRound();
        playRounds();
      },
      roundMs - (Date.now() % roundMs) + 1,
    );
  }

  function follow(targets: readonly Wanted[], membership: Membership, intervalMs: number): void {
    const choice = chooseMesh(targets.length, intervalMs, limits);
    followed = targets.length;
    ({ roundMs } = choice);
    if (choice.kind === 'full') {
      if (bounded !== undefined) log.info({ targets: followed }, 'all targets are probed again');
      bounded = undefined;
      freshMs = freshIntervals * intervalMs;
      loop.follow(targets, intervalMs);
      return;
    }
    const { plan, suspects } = choice;
    if (bounded === undefined) {
      const above = exceeded(followed, intervalMs, limits);
      const told = { targets: followed, above, roundMs, ...plan, suspects };
      log.info(told, `targets take turns by the plan: there are more than ${above} allows`);
    }
    bounded ??= createBoundedMesh(suspicionRules);
    bounded.follow(membership, { plan, suspects, restRounds: restRoundsOf(roundMs) });
    freshMs = (bounded.roundsToAll() + slackRounds) * roundMs;
    playRound();
  }

  return {
    follow,
    note: (target, lost) => bounded?.note(target, lost),
    state: () => ({ full: bounded === undefined, followed, roundMs, freshMs, convicted }),
    start: playRounds,
    stop: () => clearTimeout(timer),
  };
}
