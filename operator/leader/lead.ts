import { sleep } from '../../receivers/shared/deadline.ts';
import type { Log } from '../../receivers/shared/log.ts';
import { createElection } from './election.ts';
import type { Lease } from './lease.ts';

/** After the duration of the lease another one may lead: whoever could not renew it stops before. */
export const leaseTimes = { durationMs: 15_000, renewWithinMs: 10_000, everyMs: 2000 } as const;

export interface LeadOptions {
  readonly lease: Lease;
  /** Tells this replica from all others. */
  readonly identity: string;
  readonly log: Log;
  /** Ended, the lease is given away, so that another one need not wait. */
  readonly signal: AbortSignal;
  /** What a leader does until its signal ends. Never rejects. */
  readonly whileLeading: (signal: AbortSignal) => Promise<void>;
}

export interface Leading {
  readonly leads: () => boolean;
  /** For how long the election has not been looked at. */
  readonly sinceTurnMs: () => number;
  readonly ended: Promise<void>;
}

/** Takes part in an election until the signal ends, and leads whenever it is elected. At most one leads at a time. */
export function takePart(options: LeadOptions): Leading {
  const { lease, identity, log, signal, whileLeading } = options;
  const election = createElection(identity);
  let term: { readonly stop: AbortController; readonly work: Promise<void> } | undefined;
  let renewedMs = 0;
  let turnMs = performance.now();
  let told = '';

  function problem(message: string): undefined {
    if (message !== told && message !== '' && !signal.aborted)
      log.warn({ problem: message }, 'the lease could not be read or written');
    told = message;
    return undefined;
  }

  /** Whether this replica holds the lease, as far as this turn could find out; undefined: it could not. */
  async function turn(): Promise<boolean | undefined> {
    const read = await lease.read(signal);
    if (read.kind === 'failed') return problem(read.message);
    const step = election.step(read.record, performance.now());
    if (step.kind === 'wait') return false;
    const written =
      step.kind === 'create'
        ? await lease.create(identity, signal)
        : await lease.write(step.record, identity, signal);
    if (written.kind === 'failed') return problem(written.message);
    problem('');
    return written.kind === 'written';
  }

  async function endTerm(why: string): Promise<void> {
    if (term === undefined) return;
    log.info({ identity, why }, 'leads no more');
    const { stop, work } = term;
    term = undefined;
    stop.abort();
    await work;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      turnMs = performance.now();
      const holds = await turn();
      const nowMs = performance.now();
      if (holds === true) {
        // From before the request: the others count from when it was written.
        renewedMs = turnMs;
        if (term === undefined) {
          log.info({ identity }, 'leads');
          const stop = new AbortController();
          term = { stop, work: whileLeading(stop.signal) };
        }
      } else if (holds === false) await endTerm('the lease is another one’s');
      else if (nowMs - renewedMs > leaseTimes.renewWithinMs - leaseTimes.everyMs)
        await endTerm('the lease could not be renewed');
      await sleep(leaseTimes.everyMs, signal);
    }
    const led = term !== undefined;
    await endTerm('it stops');
    if (led) await giveAway();
  }

  async function giveAway(): Promise<void> {
    const deadline = AbortSignal.timeout(2000);
    const read = await lease.read(deadline);
    if (read.kind === 'read' && read.record?.holder === identity)
      await lease.write(read.record, '', deadline);
  }

  return {
    leads: () => term !== undefined,
    sinceTurnMs: () => performance.now() - turnMs,
    ended: run(),
  };
}
