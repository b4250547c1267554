import type { StampSource } from '../../shared/packets/datagram-socket.ts';
import type { Target } from '../core/target.ts';

/** When a turn of the loop runs. */
export interface Turn {
  /** By the monotonic clock. */
  readonly nowMs: number;
  /** The event loop ran this turn later than asked. */
  readonly late: boolean;
  /**
   * Whether the event loop is late now, at any later time: what settles between two turns must ask, for the stall that kept it
   * waiting is seen by a turn no sooner than afterwards.
   */
  readonly overdue: () => boolean;
}

/** Sends probes of one kind. What comes of each goes to the OnSample that it was made with. */
export interface Prober {
  readonly stamps: StampSource;
  /** Sends one probe. Never throws: what cannot be sent is a failed sample. */
  readonly launch: (target: Target, turn: Turn) => void;
  /** Reads what has come and gives up what is too old. */
  readonly turn: (turn: Turn) => void;
  /** Probes under way. */
  readonly underWay: () => number;
  /** Closes what is open, without samples for what is under way. Safe twice. */
  readonly close: () => void;
}
