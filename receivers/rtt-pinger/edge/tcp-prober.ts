import type { Libc } from '../../shared/packets/libc.ts';
import { socketAddress } from '../../shared/packets/socket-address.ts';
import { beginConnect, type TcpConnect, type TcpState } from '../../shared/packets/tcp-connect.ts';
import { reasonOf, type FailureReason, type OnSample } from '../core/sample.ts';
import type { Target } from '../core/target.ts';
import type { Prober, Turn } from './prober.ts';

export interface TcpProberOptions {
  readonly libc: Libc;
  readonly timeoutMs: number;
  readonly onSample: OnSample;
}

interface Attempt {
  readonly target: Target;
  readonly connect: TcpConnect;
  readonly sentMs: number;
  readonly late: boolean;
}

/** Connections to a port, timed by the kernel; a refusal is a failure here, for the peer does not serve. */
export function createTcpProber({ libc, timeoutMs, onSample }: TcpProberOptions): Prober {
  const attempts = new Set<Attempt>();

  function fail(target: Target, reason: FailureReason, late: boolean): void {
    if (!target.gone) onSample({ kind: 'failed', target, reason, late });
  }

  function launch(target: Target, { nowMs, late }: Turn): void {
    const address = socketAddress(target.peer.address, target.port);
    if (address === undefined) return fail(target, 'no_address', late);
    const begun = beginConnect(libc, address);
    if (begun.kind === 'failed') return fail(target, reasonOf(begun.errno), late);
    attempts.add({ target, connect: begun.connect, sentMs: nowMs, late });
  }

  function settle({ target, late: sentLate }: Attempt, state: TcpState, turn: Turn): void {
    const late = sentLate || turn.late;
    if (state.kind === 'failed') return fail(target, reasonOf(state.errno), late);
    // A SYN that was sent again was lost; how long the second one took says nothing of that.
    if (state.kind === 'waiting' || state.retransmitted) return fail(target, 'timeout', late);
    if (!target.gone) onSample({ kind: 'ok', target, rttNs: state.rttNs, late });
  }

  return {
    stamps: 'kernel',
    launch,
    turn: (turn) => {
      for (const attempt of attempts) {
        const state = attempt.connect.look();
        if (state.kind === 'waiting' && turn.nowMs - attempt.sentMs < timeoutMs) continue;
        attempts.delete(attempt);
        attempt.connect.close();
        settle(attempt, state, turn);
      }
    },
    underWay: () => attempts.size,
    close: () => {
      for (const { connect } of attempts) connect.close();
      attempts.clear();
    },
  };
}
