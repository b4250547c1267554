import { startDeadline } from '../../shared/deadline.ts';
import { attemptTcp } from '../../shared/packets/attempt-tcp.ts';
import { reasonOf, type OnSample } from '../core/sample.ts';
import type { Target } from '../core/target.ts';
import type { Prober, Turn } from './prober.ts';

export interface PlainTcpProberOptions {
  readonly timeoutMs: number;
  /** A refusal comes from the peer's network stack: where this stands in for an echo it is an answer. */
  readonly refusalAnswers: boolean;
  readonly onSample: OnSample;
}

/** Connections timed by the event loop: what is left where neither ICMP nor the kernel's own timing can be had. */
export function createPlainTcpProber(options: PlainTcpProberOptions): Prober {
  const { timeoutMs, refusalAnswers, onSample } = options;
  const stop = new AbortController();
  let underWay = 0;
  let lateTurns = 0;

  async function probe(target: Target, turn: Turn): Promise<void> {
    const before = lateTurns;
    const deadline = startDeadline(timeoutMs, stop.signal);
    const startedMs = performance.now();
    const { peer, port } = target;
    const answer = await attemptTcp({ address: peer.address, port }, deadline.signal);
    const rttNs = (performance.now() - startedMs) * 1e6;
    const expired = deadline.expired();
    deadline.clear();
    underWay--;
    if (target.gone || stop.signal.aborted) return;
    const late = turn.late || lateTurns !== before || turn.overdue();
    const refused = answer.kind === 'answered' && answer.answer === 'refused';
    if (answer.kind === 'answered' && (!refused || refusalAnswers))
      return onSample({ kind: 'ok', target, rttNs, late });
    const errno = answer.kind === 'answered' ? 'ECONNREFUSED' : answer.why;
    onSample({ kind: 'failed', target, reason: expired ? 'timeout' : reasonOf(errno), late });
  }

  return {
    stamps: 'user',
    launch: (target, turn) => {
      underWay++;
      void probe(target, turn);
    },
    turn: ({ late }) => {
      if (late) lateTurns++;
    },
    underWay: () => underWay,
    close: () => stop.abort(),
  };
}
