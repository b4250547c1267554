import { sleep, startDeadline } from '../shared/deadline.ts';
import { attemptHttp } from '../shared/packets/attempt-http.ts';
import { attemptIcmp } from '../shared/packets/attempt-icmp.ts';
import type { PacketAnswer, PacketAttempt, PacketTarget } from '../shared/packets/attempt.ts';
import { attemptTcp } from '../shared/packets/attempt-tcp.ts';
import type { WallClock } from '../shared/wall-clock.ts';
import type { Failure } from './failure.ts';
import type { FirstPacketRecord } from './probe-record.ts';

const packetAttempts: Readonly<Record<FirstPacketRecord['transport'], PacketAttempt>> = {
  tcp: attemptTcp,
  http: attemptHttp,
  icmp: attemptIcmp,
};

export type Transport = FirstPacketRecord['transport'];

/** Between the starts of two attempts; grows so that a pod without network is not flooded. */
const firstGapsMs: Readonly<Record<Transport, number>> = { tcp: 2, http: 2, icmp: 50 };
const gapFactor = 1.5;
const maxGapMs = 50;
/** An attempt is given up after this long: the packet was lost, and TCP itself would wait a second. */
const attemptMs = 1000;
/** Attempts under way at once at most. */
const maxUnderWay = 20;

interface Tried {
  readonly answer: PacketAnswer;
  readonly startedNs: bigint;
  readonly endedNs: bigint;
  readonly gapNs: bigint;
}

interface Hunt {
  readonly attempt: PacketAttempt;
  readonly target: PacketTarget;
  readonly clock: WallClock;
  readonly firstGapMs: number;
  /** Ends all attempts: one has been answered, or time is up. */
  readonly over: AbortController;
}

interface Found {
  first: Tried | undefined;
  attempts: number;
  lastWhy: string;
  impossible: boolean;
}

async function tryOnce(hunting: Hunt, gapNs: bigint, startedNs: bigint): Promise<Tried> {
  const deadline = startDeadline(attemptMs, hunting.over.signal);
  const answer = await hunting.attempt(hunting.target, deadline.signal);
  const readNs = hunting.clock.nowNs();
  deadline.clear();
  return { answer, startedNs, endedNs: whenAnswered(answer, startedNs, readNs), gapNs };
}

/** By the stamp of the packet, where there is one and the clocks did not step meanwhile. */
function whenAnswered(answer: PacketAnswer, startedNs: bigint, readNs: bigint): bigint {
  const atNs = answer.kind === 'answered' ? answer.atNs : undefined;
  return atNs !== undefined && atNs >= startedNs && atNs <= readNs ? atNs : readNs;
}

function note(found: Found, tried: Tried, over: AbortController): void {
  if (tried.answer.kind !== 'answered') {
    found.lastWhy = tried.answer.why;
    found.impossible ||= tried.answer.kind === 'impossible';
    if (found.impossible) over.abort();
    return;
  }
  if (found.first === undefined || tried.endedNs < found.first.endedNs) found.first = tried;
  over.abort();
}

/** Starts attempts one after another, without waiting for the earlier ones, until one is answered. */
async function hunt(hunting: Hunt): Promise<Found> {
  const { over, clock } = hunting;
  const found: Found = { first: undefined, attempts: 0, lastWhy: 'none', impossible: false };
  const underWay = new Set<Promise<void>>();
  let lastStartNs: bigint | undefined;
  for (let gapMs = hunting.firstGapMs; !over.signal.aborted; gapMs *= gapFactor) {
    if (underWay.size < maxUnderWay) {
      const startedNs = clock.nowNs();
      const gapNs = startedNs - (lastStartNs ?? startedNs);
      lastStartNs = startedNs;
      found.attempts++;
      const work = tryOnce(hunting, gapNs, startedNs).then((tried) => note(found, tried, over));
      const tracked = work.finally(() => underWay.delete(tracked));
      underWay.add(tracked);
    }
    await sleep(Math.min(gapMs, maxGapMs), over.signal);
  }
  await Promise.all(underWay);
  return found;
}

export interface FirstPacketOptions {
  readonly transport: Transport;
  readonly target: PacketTarget;
  readonly clock: WallClock;
  /** When the pod's address was known. */
  readonly knownNs: bigint;
}

function failure(found: Found, options: FirstPacketOptions, cancelled: boolean): Failure {
  const { transport, target } = options;
  const where = transport === 'icmp' ? target.address : `${target.address}:${target.port}`;
  if (cancelled) {
    return {
      reason: 'cancelled',
      message: `${transport} to ${where}: stopped before an answer came`,
    };
  }
  if (found.impossible) {
    return { reason: 'network', message: `${transport} to ${where}: ${found.lastWhy}` };
  }
  const hint = 'from outside the pod network use --first-packet none';
  const why = `no answer to ${found.attempts} attempts, the last: ${found.lastWhy}; ${hint}`;
  return { reason: 'network', message: `${transport} to ${where}: ${why}` };
}

/**
 * Attempts to get an answer from the pod until the first comes or the signal ends. `cancelled` tells,
 * then, whether the run was stopped rather than out of time. Never rejects.
 */
export async function awaitFirstPacket(
  options: FirstPacketOptions,
  signal: AbortSignal,
  cancelled: () => boolean,
): Promise<FirstPacketRecord> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const { transport, target, clock } = options;
  const hunting = { attempt: packetAttempts[transport], firstGapMs: firstGapsMs[transport] };
  const found = await hunt({ ...hunting, target, clock, over });
  signal.removeEventListener('abort', stop);
  const { first } = found;
  return {
    startNs: options.knownNs,
    endNs: first?.endedNs ?? clock.nowNs(),
    attempts: found.attempts,
    gapNs: first?.gapNs ?? 0n,
    transport,
    address: target.address,
    port: transport === 'icmp' ? null : target.port,
    answer: first?.answer.kind === 'answered' ? first.answer.answer : null,
    failure: first === undefined ? failure(found, options, cancelled()) : null,
  };
}
