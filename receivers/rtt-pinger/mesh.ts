import type { Protocol, Wanted } from './core/target.ts';
import { createBoundedMesh, type BoundedMesh } from './core/topology/bounded.ts';
import { chooseMesh, type MeshLimits } from './core/topology/choice.ts';
import type { Member } from './core/topology/ring.ts';
import type { ProbeLoop } from './edge/probe-loop.ts';

export interface MeshOptions {
  readonly loop: Pick<ProbeLoop, 'follow' | 'once'>;
  readonly limits: MeshLimits;
  /** The one that is probed by the plan. */
  readonly protocol: Protocol | undefined;
  /** A round has begun; keys of the pairs that are at fault as far as repeated probes tell, none in a full mesh. */
  readonly onRound: (convicted: ReadonlySet<string>) => void;
}

/** Whom the loop probes when: all targets in every interval, or by the plan those whose turn it is. */
export interface Mesh {
  /** Takes the targets as they are now, and oneself by the name that others know. Gives those that are probed at all. */
  readonly follow: (
    targets: readonly Wanted[],
    self: Member,
    intervalMs: number,
  ) => readonly Wanted[];
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
  /** Those without a success for some of these are not fresh any more. */
  readonly roundMs: number;
  readonly convicted: ReadonlySet<string>;
}

/** A loss brings about so many more probes of its pair. */
const confirmations = 5;
/** Pairs under suspicion at a time. */
const mostSuspects = 20;

export function createMesh({ loop, limits, protocol, onRound }: MeshOptions): Mesh {
  let bounded: BoundedMesh | undefined;
  let roundMs = 1000;
  let convicted: ReadonlySet<string> = new Set();
  let timer: NodeJS.Timeout | undefined;

  /** Rounds are numbered by the wall clock, alike at every node. */
  function playRound(): void {
    const round = bounded?.round(Math.floor(Date.now() / roundMs));
    convicted = round?.convicted ?? new Set();
    if (round !== undefined) {
      loop.follow(round.steady, roundMs);
      loop.once(round.once);
    }
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

  return {
    follow: (targets, self, intervalMs) => {
      const choice = chooseMesh(targets.length, intervalMs, limits);
      ({ roundMs } = choice);
      if (choice.kind === 'full') {
        bounded = undefined;
        loop.follow(targets, intervalMs);
        return targets;
      }
      const ofOne = targets.filter((target) => target.protocol === protocol);
      const suspicion = { confirmations, most: mostSuspects, perRound: choice.suspects };
      bounded = createBoundedMesh(ofOne, self, { plan: choice.plan, suspicion });
      playRound();
      return ofOne;
    },
    note: (target, lost) => bounded?.note(target, lost),
    state: () => ({ full: bounded === undefined, roundMs, convicted }),
    start: playRounds,
    stop: () => clearTimeout(timer),
  };
}
