/** Probes that were sent and are not answered yet, by the number that they carry: of 31 bits, one after the other. */
export interface Flights<Target> {
  /** Number for the next probe. */
  readonly next: () => number;
  /** The probe of the number that was given last has left, at a moment of its own clock and in a turn of the loop. */
  readonly add: (target: Target, sentNs: number, turn: Moment) => void;
  /**
   * Takes a flight out; undefined when it was answered, had timed out or was never there. What it gives is written anew by the
   * next.
   */
  readonly take: (number: number) => Readonly<Flight<Target>> | undefined;
  /** Takes out what was sent at or before a moment, oldest first; what each call is given is written anew by the next. */
  readonly expire: (
    beforeMs: number,
    onExpired: (flight: Readonly<Flight<Target>>) => void,
  ) => void;
  readonly size: () => number;
}

interface Moment {
  /** By the monotonic clock. */
  readonly nowMs: number;
  readonly late: boolean;
}

export interface Flight<Target> {
  number: number;
  target: Target;
  sentNs: number;
  /** By the monotonic clock. */
  sentMs: number;
  late: boolean;
}

const numbers = 0x7fffffff;
const roomAtFirst = 1024;

/**
 * All flights time out after the same time, so their numbers are in the order in which they do, and those under way lie close to each
 * other: in a ring, which is as long as the oldest is old. So 50,000 probes a second leave nothing to be collected.
 */
export function createFlights<Target>(firstNumber = 0): Flights<Target> {
  let ring = createRing<Target>(roomAtFirst);
  let number = firstNumber & numbers;
  /** None before it is under way. */
  let oldest = number;
  let size = 0;
  let view: Flight<Target> | undefined;

  const after = (earlier: number, later: number): number => (later - earlier) & numbers;
  const isThere = (wanted: number): boolean =>
    ring.targets[wanted & ring.mask] !== undefined &&
    after(oldest, wanted) <= after(oldest, number);

  function makeRoom(): void {
    while (oldest !== number && !isThere(oldest)) oldest = (oldest + 1) & numbers;
    if (after(oldest, number) <= ring.mask) return;
    const larger = createRing<Target>(2 * (ring.mask + 1));
    for (let each = oldest; each !== number; each = (each + 1) & numbers)
      copySlot(ring, each & ring.mask, { into: larger, at: each & larger.mask });
    ring = larger;
  }

  function takeOut(taken: number): Readonly<Flight<Target>> | undefined {
    const at = taken & ring.mask;
    const target = ring.targets[at];
    if (target === undefined) return undefined;
    ring.targets[at] = undefined;
    size--;
    const [sentNs = 0, sentMs = 0] = [ring.sentNs[at], ring.sentMs[at]];
    view ??= { number: taken, target, sentNs, sentMs, late: false };
    view.number = taken;
    view.target = target;
    view.sentNs = sentNs;
    view.sentMs = sentMs;
    view.late = ring.late[at] === 1;
    return view;
  }

  return {
    next: () => (number = (number + 1) & numbers),
    add: (target, sentNs, { nowMs, late }) => {
      if (size === 0) oldest = number;
      if (after(oldest, number) > ring.mask) makeRoom();
      const at = number & ring.mask;
      ring.targets[at] = target;
      ring.sentNs[at] = sentNs;
      ring.sentMs[at] = nowMs;
      ring.late[at] = late ? 1 : 0;
      size++;
    },
    take: (taken) => (isThere(taken) ? takeOut(taken) : undefined),
    expire: (beforeMs, onExpired) => {
      while (size > 0) {
        const at = oldest & ring.mask;
        const there = ring.targets[at] !== undefined;
        if (there && (ring.sentMs[at] ?? 0) > beforeMs) return;
        const flight = there ? takeOut(oldest) : undefined;
        oldest = (oldest + 1) & numbers;
        if (flight !== undefined) onExpired(flight);
      }
    },
    size: () => size,
  };
}

interface Ring<Target> {
  readonly mask: number;
  readonly targets: (Target | undefined)[];
  readonly sentNs: Float64Array;
  readonly sentMs: Float64Array;
  readonly late: Uint8Array;
}

function createRing<Target>(room: number): Ring<Target> {
  return {
    mask: room - 1,
    targets: Array.from({ length: room }, () => undefined),
    sentNs: new Float64Array(room),
    sentMs: new Float64Array(room),
    late: new Uint8Array(room),
  };
}

function copySlot<Target>(
  from: Ring<Target>,
  place: number,
  { into, at }: { readonly into: Ring<Target>; readonly at: number },
): void {
  into.targets[at] = from.targets[place];
  into.sentNs[at] = from.sentNs[place] ?? 0;
  into.sentMs[at] = from.sentMs[place] ?? 0;
  into.late[at] = from.late[place] ?? 0;
}
