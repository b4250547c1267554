import type { StampClock } from './clock.ts';
import type { Family } from './socket-address.ts';

/** A message at a place of a buffer, which is only valid during the call, and when it came by the socket's clock. */
export type OnMessage = (bytes: Buffer, place: MessagePlace, receivedNs: number) => void;

export interface MessagePlace {
  readonly at: number;
  readonly length: number;
}

/** The receiving half of a socket; it owns the descriptor. */
export interface Inlet {
  /** Hands over every message that has come. Returns at once. */
  readonly receive: (onMessage: OnMessage) => void;
  /** Safe twice. */
  readonly close: () => void;
}

export interface InletSource {
  readonly fd: number;
  readonly clock: StampClock;
  readonly family: Family;
}
