import { createDueQueue } from '../core/due-queue.ts';
import { firstBeat, nextBeat, turnMs, type Rhythm } from '../core/rhythm.ts';
import type { Protocol, Target, Wanted } from '../core/target.ts';
import type { Prober, Turn } from './prober.ts';

export interface ProbeLoopOptions {
  readonly rhythm: Rhythm;
  readonly probers: Readonly<Partial<Record<Protocol, Prober>>>;
  /** A turn that runs later than asked by more marks what it sends and reads as late. */
  readonly lateMs: number;
}

export interface ProbeLoopState {
  readonly targets: number;
  readonly underWay: number;
  /** Turns that ran late, and the longest that one did. */
  readonly lateTurns: number;
  readonly latestMs: number;
  /** Since the last turn. */
  readonly sinceTurnMs: number;
}

/** Probes every target once an interval, in batches, for as long as it is started. */
export interface ProbeLoop {
  /**
   * Begins with those that are new, ends with those that are not named any more; the others keep their beat, unless the
   * interval changes.
   */
  readonly follow: (targets: readonly Wanted[], intervalMs?: number) => void;
  /** Probes each of these one time, somewhere in the next interval. */
  readonly once: (targets: readonly Wanted[]) => void;
  readonly start: () => void;
  readonly stop: () => void;
  readonly state: () => ProbeLoopState;
}

interface Beating extends Target {
  /** NaN: it is probed one time. Always a number, which is written in place. */
  middleMs: number;
}

/** After a stall a turn sends so many times its usual number at most; the rest waits for the next turn. */
const burstFactor = 4;

/** While the event loop times probes, it must be seen whether it is late. */
const watchfulMs = 2;
/** Without work a turn shows that the loop lives. */
const idleMs = 1000;

export function createProbeLoop(options: ProbeLoopOptions): ProbeLoop {
  const { probers, lateMs } = options;
  let rhythm = options.rhythm;
  const queue = createDueQueue<Beating>();
  const beating = new Map<string, Beating>();
  const all = Object.values(probers);
  let everyMs = turnMs(rhythm.intervalMs, 0);
  let burst = 64;
  let timer: NodeJS.Timeout | undefined;
  let wantedMs = 0;
  /** The last turn took so long itself that what came meanwhile was kept waiting. */
  let heldUp = false;
  let lastMs = 0;
  let lateTurns = 0;
  let latestMs = 0;
  let running = false;

  function sendDue(turn: Turn): void {
    for (let sent = 0; sent < burst;) {
      const item = queue.take(turn.nowMs);
      if (item === undefined) return;
      if (item.gone) continue;
      if (!Number.isNaN(item.middleMs)) {
        const beat = nextBeat(rhythm, item.middleMs, turn.nowMs);
        item.middleMs = beat.middleMs;
        queue.add(beat.dueMs, item);
      }
      probers[item.protocol]?.launch(item, turn);
      sent++;
    }
  }

  function turnOnce(): void {
    const nowMs = performance.now();
    const overMs = nowMs - wantedMs;
    const late = overMs > lateMs;
    if (late) lateTurns++;
    latestMs = Math.max(latestMs, overMs);
    lastMs = nowMs;
    const turn = { nowMs, late, overdue };
    const read = (): void => {
      // A turn that was held up by the one before spoils what the event loop timed, and nothing that the kernel did.
      for (const prober of all)
        prober.turn(prober.stamps === 'user' ? { ...turn, late: late || heldUp } : turn);
    };
    read();
    sendDue(turn);
    // What is near has answered by now.
    read();
    heldUp = performance.now() - nowMs > lateMs;
    plan();
  }

  function overdue(): boolean {
    return heldUp || performance.now() - wantedMs > lateMs;
  }

  function plan(): void {
    if (!running) return;
    const nowMs = performance.now();
    const waitMs = Math.ceil(waitBeforeTurn(nowMs));
    wantedMs = nowMs + waitMs;
    timer = setTimeout(turnOnce, waitMs);
  }

  /** The next turn may be wanted sooner now, never later: one that is overdue must be seen to be. */
  function hasten(): void {
    const nowMs = performance.now();
    if (wantedMs <= nowMs + Math.ceil(waitBeforeTurn(nowMs))) return;
    clearTimeout(timer);
    plan();
  }

  /** Every target gets a new beat: its old one may lie an hour ahead. */
  function begin(anew: Rhythm): void {
    rhythm = anew;
    for (const target of beating.values()) target.gone = true;
    beating.clear();
  }

  function waitBeforeTurn(nowMs: number): number {
    const busy = all.filter((prober) => prober.underWay() > 0);
    if (busy.some(({ stamps }) => stamps === 'user')) return Math.min(everyMs, watchfulMs);
    if (busy.length > 0) return everyMs;
    return Math.min(Math.max(queue.nextMs() - nowMs, everyMs), idleMs);
  }

  return {
    follow: (targets, intervalMs = rhythm.intervalMs) => {
      const nowMs = performance.now();
      if (intervalMs !== rhythm.intervalMs) begin({ ...rhythm, intervalMs });
      const wanted = new Set(targets.map(({ key }) => key));
      const together = targets.filter(({ key }) => !beating.has(key)).length;
      for (const target of targets) {
        const { key } = target;
        if (beating.has(key)) continue;
        const { middleMs, dueMs } = firstBeat(rhythm, nowMs, together);
        const item = beatingOf(target, middleMs);
        beating.set(key, item);
        queue.add(dueMs, item);
      }
      for (const [key, target] of beating) {
        if (wanted.has(key)) continue;
        target.gone = true;
        beating.delete(key);
      }
      everyMs = turnMs(rhythm.intervalMs, beating.size);
      burst = Math.max(64, Math.ceil((beating.size / rhythm.intervalMs) * everyMs * burstFactor));
      hasten();
    },
    once: (targets) => {
      const nowMs = performance.now();
      for (const target of targets)
        queue.add(firstBeat(rhythm, nowMs).dueMs, beatingOf(target, Number.NaN));
      hasten();
    },
    start: () => {
      running = true;
      plan();
    },
    stop: () => {
      running = false;
      clearTimeout(timer);
    },
    state: () => ({
      targets: beating.size,
      underWay: all.reduce((sum, prober) => sum + prober.underWay(), 0),
      lateTurns,
      latestMs,
      sinceTurnMs: performance.now() - lastMs,
    }),
  };
}

/** Each field is written out: an object that is spread takes more room, and there may be ten thousand. */
function beatingOf({ peer, protocol, port, key }: Wanted, middleMs: number): Beating {
  return { peer, protocol, port, key, gone: false, middleMs };
}
