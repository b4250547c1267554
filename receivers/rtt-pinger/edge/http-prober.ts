import type { Socket } from 'node:net';

import { startDeadline } from '../../shared/deadline.ts';
import { exchangeHttp, type HttpOutcome } from '../../shared/packets/http-exchange.ts';
import { reasonOf, type FailureReason, type OnSample } from '../core/sample.ts';
import type { Target } from '../core/target.ts';
import type { Prober, Turn } from './prober.ts';

export interface HttpProberOptions {
  readonly timeoutMs: number;
  readonly path: string;
  /** Keep the connection of each peer from one probe to the next. */
  readonly reuse: boolean;
  readonly onSample: OnSample;
}

/** GET requests, timed by the event loop: connect and first byte apart. Only a status of 200 to 299 is a success. */
export function createHttpProber({ timeoutMs, path, reuse, onSample }: HttpProberOptions): Prober {
  const kept = new Map<Target, Socket>();
  const stop = new AbortController();
  let underWay = 0;
  /** Counts turns that ran late: whatever was under way meanwhile was measured by a late loop. */
  let lateTurns = 0;

  async function exchange(target: Target): Promise<HttpOutcome> {
    const deadline = startDeadline(timeoutMs, stop.signal);
    const left = kept.get(target);
    kept.delete(target);
    const connection = left?.writable === true && left.readable ? left : undefined;
    const { address } = target.peer;
    const request = { address, port: target.port, path, keep: reuse, connection };
    const first = await exchangeHttp(request, deadline.signal);
    const again = first.kind === 'failed' && first.stale && !deadline.signal.aborted;
    const outcome = again
      ? await exchangeHttp({ ...request, connection: undefined }, deadline.signal)
      : first;
    deadline.clear();
    return outcome;
  }

  function fail(target: Target, reason: FailureReason, late: boolean): void {
    onSample({ kind: 'failed', target, reason, late });
  }

  function settle(target: Target, outcome: HttpOutcome, late: boolean): void {
    const connection = outcome.kind === 'answered' ? outcome.connection : undefined;
    if (target.gone || stop.signal.aborted) return void connection?.destroy();
    if (connection !== undefined) kept.set(target, connection);
    if (outcome.kind === 'failed') return fail(target, reasonOfHttp(outcome.errno), late);
    const { status, connectNs, firstByteNs } = outcome;
    if (status < 200 || status > 299) return fail(target, 'bad_status', late);
    const rttNs = (connectNs ?? 0) + firstByteNs;
    onSample({ kind: 'ok', target, rttNs, late, phases: { connectNs, firstByteNs } });
  }

  return {
    stamps: 'user',
    launch: (target, turn) => {
      underWay++;
      const before = lateTurns;
      void exchange(target).then((outcome) => {
        underWay--;
        settle(target, outcome, turn.late || lateTurns !== before || turn.overdue());
      });
    },
    turn: ({ late }: Turn) => {
      if (late) lateTurns++;
      for (const [target, connection] of kept) {
        if (!target.gone) continue;
        kept.delete(target);
        connection.destroy();
      }
    },
    underWay: () => underWay,
    close: () => {
      stop.abort();
      for (const connection of kept.values()) connection.destroy();
      kept.clear();
    },
  };
}

function reasonOfHttp(errno: string | undefined): FailureReason {
  return errno === 'EPROTO' ? 'bad_answer' : reasonOf(errno);
}
