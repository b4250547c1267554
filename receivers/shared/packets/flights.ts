/** Probes that were sent and are not answered yet, by the number that they carry. */
export interface Flights<Target> {
  /** Number for the next probe. */
  readonly next: () => number;
  readonly add: (flight: Flight<Target>) => void;
  /** Takes a flight out; undefined when it was answered, had timed out or was never there. */
  readonly take: (number: number) => Flight<Target> | undefined;
  /** Takes out what was sent at or before a moment, oldest first. */
  readonly expire: (beforeMs: number, onExpired: (flight: Flight<Target>) => void) => void;
  readonly size: () => number;
}

export interface Flight<Target> {
  readonly number: number;
  readonly target: Target;
  readonly sentNs: number;
  /** By the monotonic clock. */
  readonly sentMs: number;
  late: boolean;
}

/** All flights time out after the same time, so their numbers are in the order in which they do. */
export function createFlights<Target>(firstNumber = 0): Flights<Target> {
  const flights = new Map<number, Flight<Target>>();
  let number = firstNumber >>> 0;
  return {
    next: () => (number = (number + 1) >>> 0),
    add: (flight) => flights.set(flight.number, flight),
    take: (taken) => {
      const flight = flights.get(taken);
      if (flight !== undefined) flights.delete(taken);
      return flight;
    },
    expire: (beforeMs, onExpired) => {
      for (const [key, flight] of flights) {
        if (flight.sentMs > beforeMs) return;
        flights.delete(key);
        onExpired(flight);
      }
    },
    size: () => flights.size,
  };
}
