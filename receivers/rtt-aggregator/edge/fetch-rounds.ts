import { Agent } from 'node:http';

import type { Log } from '../../shared/log.ts';
import type { TallyReport } from '../../shared/mesh/tally-report.ts';
import { createAskingPace } from '../core/asking-pace.ts';
import { fetchFailures, type FetchFailure } from '../core/own-families.ts';
import type { Taken } from '../core/mesh-book.ts';
import type { Pinger } from '../core/pingers.ts';
import { fetchTally } from './fetch-tally.ts';

export interface FetchRoundsOptions {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Asked at once, at most; who cannot be asked in time is asked later. */
  readonly concurrency: number;
  readonly maxBytes: number;
  readonly log: Log;
  readonly take: (report: TallyReport, after: number) => Taken;
}

/** Asks every pinger for its tally once an interval, in its first half. */
export interface FetchRounds {
  /** Follows these from now on; what is known of those that stay is kept. */
  readonly follow: (pingers: readonly Pinger[]) => void;
  readonly start: () => void;
  readonly fetched: () => number;
  readonly failed: () => ReadonlyMap<FetchFailure, number>;
  /** Pingers whose last tally was had, and the others. */
  readonly states: () => Readonly<Record<'heard' | 'silent', number>>;
  readonly pingers: () => Iterable<Pinger>;
  /** Milliseconds since the last turn; a loop that has stopped turning is stuck. */
  readonly sinceTurnMs: () => number;
  /** Stops asking, and ends what is under way. */
  readonly stop: () => Promise<void>;
}

interface Followed {
  pinger: Pinger;
  /** Newest stretch that was counted. */
  after: number;
  state: 'new' | 'heard' | 'failing';
  busy: boolean;
  gone: boolean;
}

const turnMs = 50;

export function createFetchRounds(options: FetchRoundsOptions): FetchRounds {
  const { intervalMs, timeoutMs, concurrency, maxBytes, log, take } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });
  const stop = new AbortController();
  const failed = new Map<FetchFailure, number>(fetchFailures.map((reason) => [reason, 0]));
  const underWay = new Set<Promise<void>>();
  let all: Followed[] = [];
  let next = 0;
  let fetched = 0;
  let turnedMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const pace = createAskingPace(intervalMs);

  function fail(followed: Followed, reason: FetchFailure, message: string): void {
    failed.set(reason, (failed.get(reason) ?? 0) + 1);
    if (followed.state !== 'failing')
      log.warn({ pinger: followed.pinger.url, reason, message }, 'tally not had, asking on');
    followed.state = 'failing';
  }

  async function ask(followed: Followed): Promise<void> {
    const limits = { timeoutMs, maxBytes, agent, signal: stop.signal };
    const result = await fetchTally(followed.pinger.url, followed.after, limits);
    // Who has gone meanwhile is nobody's failure.
    if (stop.signal.aborted || followed.gone) return;
    if (result.kind === 'failed') return fail(followed, result.reason, result.message);
    const taken = take(result.report, followed.after);
    if (taken.kind === 'clock_ahead')
      return fail(followed, 'clock_ahead', 'its stretches are of a time to come');
    followed.after = taken.after;
    if (followed.state === 'failing') log.info({ pinger: followed.pinger.url }, 'tally had again');
    followed.state = 'heard';
    fetched++;
  }

  function turn(): void {
    turnedMs = performance.now();
    for (let due = pace.due(Date.now(), all.length); due > 0; due--) {
      if (underWay.size >= concurrency) break;
      pace.asked();
      const followed = all[next++ % all.length];
      if (followed === undefined || followed.busy) continue;
      followed.busy = true;
      const asking = ask(followed).finally(() => {
        followed.busy = false;
        underWay.delete(asking);
      });
      underWay.add(asking);
    }
    if (all.length > 0) next %= all.length;
    timer = setTimeout(turn, turnMs);
  }

  return {
    follow: (pingers) => {
      const known = new Map(all.map((followed) => [followed.pinger.url, followed]));
      all = pingers.map((pinger) => {
        const followed = known.get(pinger.url);
        if (followed === undefined)
          return { pinger, after: 0, state: 'new', busy: false, gone: false };
        known.delete(pinger.url);
        followed.pinger = pinger;
        return followed;
      });
      for (const followed of known.values()) followed.gone = true;
    },
    start: () => {
      turnedMs = performance.now();
      turn();
    },
    fetched: () => fetched,
    failed: () => failed,
    states: () => {
      const heard = all.filter(({ state }) => state === 'heard').length;
      return { heard, silent: all.length - heard };
    },
    pingers: () => all.map(({ pinger }) => pinger),
    sinceTurnMs: () => performance.now() - turnedMs,
    stop: async () => {
      clearTimeout(timer);
      stop.abort();
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}
