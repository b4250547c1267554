import type { Target } from './target.ts';

/** Why a probe has no latency: a closed set, for it becomes an attribute of metrics. */
export const failureReasons = [
  'timeout',
  'refused',
  'reset',
  'unreachable',
  'not_permitted',
  'no_buffer',
  'no_address',
  'bad_status',
  'bad_answer',
  'clock_stepped',
  'other',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** Failures of this machine: no packet was lost on the way, for none left it or its time could not be told. */
const localReasons: ReadonlySet<FailureReason> = new Set([
  'not_permitted',
  'no_buffer',
  'no_address',
  'clock_stepped',
]);

/** What one probe came to. */
export type Sample = Answered | Failed;

export interface Answered {
  readonly kind: 'ok';
  readonly target: Target;
  readonly rttNs: number;
  /** The event loop was late while this was measured; with the kernel's stamps the value holds nevertheless. */
  readonly late: boolean;
  /** Timed by the event loop, whatever the prober's others are: a late one has no sound time. */
  readonly timedBy?: 'user';
  readonly oneWay?: OneWay;
  readonly phases?: HttpPhases;
}

export interface Failed {
  readonly kind: 'failed';
  readonly target: Target;
  readonly reason: FailureReason;
  readonly late: boolean;
}

/** Both ways of a UDP echo by two clocks, whose offset is in them, with opposite signs. */
export interface OneWay {
  readonly outNs: number;
  readonly backNs: number;
  /** What the responder counts the questions under: numbers of two sessions have nothing to do with each other. */
  readonly session: number;
  /** How many of this session's probes the responder has seen so far. */
  readonly responderSaw: number;
  /** How many were sent when this one was, itself included. */
  readonly sentSoFar: number;
}

export interface HttpPhases {
  /** Null: the connection was there already. */
  readonly connectNs: number | null;
  /** From the request to the first byte of its answer. */
  readonly firstByteNs: number;
}

export type OnSample = (sample: Sample) => void;

/** Whether a sample says nothing of the network: neither who is suspected nor who is blamed may depend on it. */
export function isLocal(sample: Sample): boolean {
  return sample.kind === 'failed' && localReasons.has(sample.reason);
}

const byErrno: Readonly<Record<string, FailureReason>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ENETUNREACH: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'no_address',
  ENETDOWN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EPERM: 'not_permitted',
  EACCES: 'not_permitted',
  ENOBUFS: 'no_buffer',
  EAGAIN: 'no_buffer',
  ENOMEM: 'no_buffer',
  EMFILE: 'no_buffer',
  ETIMEDOUT: 'timeout',
};

/** The reason that an errno name stands for. */
export function reasonOf(errno: string | undefined): FailureReason {
  return byErrno[errno ?? ''] ?? 'other';
}
