import type { Libc } from '../../shared/packets/libc.ts';
import { createRecentMap } from '../core/recent-map.ts';
import type { OnSample } from '../core/sample.ts';
import { createPlainTcpProber } from './plain-tcp-prober.ts';
import type { Prober, Turn } from './prober.ts';
import { createTcpProber } from './tcp-prober.ts';

export interface TcpStandInOptions {
  readonly libc: Libc;
  readonly timeoutMs: number;
  readonly onSample: OnSample;
}

/** Targets that refuse and are remembered as such, and the probes after which one is tried again. */
const mostRefusing = 20_000;
const triedAgainAfter = 60;

/**
 * Connections in place of echoes, where a refusal is an answer, too. The kernel times those that are accepted; it has no time for a
 * refusal, so targets that refuse are timed by the event loop from then on.
 */
export function createTcpStandIn({ libc, timeoutMs, onSample }: TcpStandInOptions): Prober {
  /** Probes until it is tried again. */
  const refusing = createRecentMap<number>(mostRefusing);
  let now: Turn = { nowMs: 0, late: false, overdue: () => false };
  const plain = createPlainTcpProber({
    timeoutMs,
    refusalAnswers: true,
    onSample: (sample) => onSample(sample.kind === 'ok' ? { ...sample, timedBy: 'user' } : sample),
  });
  const byKernel = createTcpProber({
    libc,
    timeoutMs,
    onSample: (sample) => {
      if (sample.kind === 'ok' || sample.reason !== 'refused') return onSample(sample);
      const { target } = sample;
      refusing.set(target.key, triedAgainAfter);
      plain.launch(target, now);
    },
  });
  return {
    // The loop looks as often as it has to while the event loop times some.
    get stamps() {
      return plain.underWay() > 0 ? 'user' : 'kernel';
    },
    launch: (target, turn) => {
      now = turn;
      const left = refusing.get(target.key) ?? 0;
      if (left === 0) {
        refusing.delete(target.key);
        return byKernel.launch(target, turn);
      }
      refusing.set(target.key, left - 1);
      plain.launch(target, turn);
    },
    turn: (turn) => {
      now = turn;
      byKernel.turn(turn);
      plain.turn(turn);
    },
    underWay: () => byKernel.underWay() + plain.underWay(),
    close: () => {
      byKernel.close();
      plain.close();
    },
  };
}
