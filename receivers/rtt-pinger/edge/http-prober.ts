import type { Socket } from 'node:net';

import { startDeadline } from '../../shared/deadline.ts';
import { exchangeHttp, type HttpOutcome } from '../../shared/packets/http-exchange.ts';
import { createRecentMap } from '../core/recent-map.ts';
import { reasonOf, type FailureReason, type OnSample } from '../core/sample.ts';
import type { Target } from '../core/target.ts';
import type { Prober, Turn } from './prober.ts';

export interface HttpProberOptions {
  readonly timeoutMs: number;
  readonly path: string;
  /** Keep the connection of each peer from one probe to the next, of so many peers at a time as there is room for. */
  readonly reuse: boolean;
  readonly onSample: OnSample;
}

/** Connections kept at a time; those that were used least recently are closed for others. */
export const mostKept = 1024;

interface Kept {
  /** Of the last probe: by the plan each probe of a peer has its own. */
  readonly target: Target;
  readonly connection: Socket;
}

/** GET requests, timed by the event loop: connect and first byte apart. Only a status of 200 to 299 is a success. */
export function createHttpProber({ timeoutMs, path, reuse, onSample }: HttpProberOptions): Prober {
  const kept = createRecentMap<Kept>(mostKept);
  const stop = new AbortController();
  let underWay = 0;
  /** Counts turns that ran late: whatever was under way meanwhile was measured by a late loop. */
  let lateTurns = 0;

  function keep(target: Target, connection: Socket): void {
    // One that has closed already says so no more.
    if (connection.destroyed) return;
    const { key } = target;
    const end = (): void => void connection.destroy();
    // Read on, or the end that the server makes of it would not be seen. Whatever else it says belongs to no probe.
    connection.on('data', end).on('end', end);
    connection.once('close', () => {
      if (kept.get(key)?.connection === connection) kept.delete(key);
    });
    kept.get(key)?.connection.destroy();
    kept.set(key, { target, connection })?.connection.destroy();
  }

  function takeKept({ key }: Target): Socket | undefined {
    const connection = kept.get(key)?.connection;
    kept.delete(key);
    if (connection?.writable === true && connection.readable)
      return connection.removeAllListeners();
    connection?.destroy();
    return undefined;
  }

  async function exchange(target: Target): Promise<HttpOutcome> {
    const deadline = startDeadline(timeoutMs, stop.signal);
    const connection = takeKept(target);
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
    if (connection !== undefined) keep(target, connection);
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
      for (const [key, { target, connection }] of kept.entries()) {
        if (!target.gone) continue;
        kept.delete(key);
        connection.destroy();
      }
    },
    underWay: () => underWay,
    close: () => {
      stop.abort();
      for (const [key, { connection }] of kept.entries()) {
        kept.delete(key);
        connection.destroy();
      }
    },
  };
}

function reasonOfHttp(errno: string | undefined): FailureReason {
  return errno === 'EPROTO' ? 'bad_answer' : reasonOf(errno);
}
