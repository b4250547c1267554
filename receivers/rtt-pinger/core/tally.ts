import {
  mostRows,
  stretchesKept,
  stretchMs,
  type MeshPlace,
} from '../../shared/mesh/tally-report.ts';
import { isLocal, type Sample } from './sample.ts';
import { networkType, type Peer, type Wanted } from './target.ts';

/** What was measured in one stretch of the wall clock, which is over. It does not change any more. */
export interface Stretch {
  readonly number: number;
  /** Destination of each row. */
  readonly places: readonly MeshPlace[];
  /** Of each row: sent, lost, timed. */
  readonly counts: Uint32Array;
  /** Of each row, in seconds: sum, least, most and last of what was timed. */
  readonly times: Float32Array;
}

export const countsInRow = 3;
export const timesInRow = 4;

/**
 * Probes by destination and by stretches of the wall clock that all pingers number alike. A probe counts, as sent and where it
 * is lost also as lost, in the stretch in which it was settled: up to the timeout after it was sent. So what is over stays as
 * it is, and no row has lost more than it sent. A failure of this machine is neither: nobody is to be blamed for it.
 */
export interface Tally {
  /**
   * The targets that are counted from now on: those whose peer has a node or a pod. All addresses of a peer are one; where it has both
   * families, those of IPv4 alone count: a missing route of the other one is no loss of half of what goes to the node.
   */
  readonly follow: (targets: readonly Wanted[]) => void;
  /** `sound`: the time of the sample may be told. */
  readonly add: (sample: Sample, sound: boolean) => void;
  /** The stretches with numbers above this one that are over, oldest first; 13 at most. */
  readonly after: (number: number) => readonly Stretch[];
  /** The destination that a target's probes are counted for. */
  readonly placeOf: (key: string) => MeshPlace | undefined;
}

/** Where the probes of one destination are counted now. */
interface Cursor {
  readonly place: MeshPlace;
  stretch: number;
  row: number;
}

const rowsAtFirst = 64;

/** `nowMs` gives milliseconds of the Unix clock. */
export function createTally({ nowMs }: { readonly nowMs: () => number }): Tally {
  let byKey = new Map<string, Cursor>();
  let finished: Stretch[] = [];
  let number = currentNumber();
  let places: MeshPlace[] = [];
  let counts = new Uint32Array(rowsAtFirst * countsInRow);
  let times = new Float64Array(rowsAtFirst * timesInRow);

  function currentNumber(): number {
    return Math.floor(nowMs() / stretchMs);
  }

  /** Ends the stretch where another one has begun. After a small step back of the clock it goes on. */
  function turn(): void {
    const now = currentNumber();
    if (now === number || (now < number && number - now <= stretchesKept)) return;
    if (places.length > 0)
      finished.push({
        number,
        places,
        counts: counts.slice(0, places.length * countsInRow),
        times: Float32Array.from(times.subarray(0, places.length * timesInRow)),
      });
    counts.fill(0);
    places = [];
    number = now;
    finished = finished.filter((each) => each.number < now && each.number >= now - stretchesKept);
  }

  /** A row of a stretch; -1: there is no room for another. */
  function openRow(cursor: Cursor): number {
    if (places.length >= mostRows) return -1;
    const row = places.push(cursor.place) - 1;
    if (places.length * countsInRow > counts.length) {
      counts = grown(counts, new Uint32Array(counts.length * 2));
      times = grown(times, new Float64Array(times.length * 2));
    }
    times.set([0, Number.POSITIVE_INFINITY, 0, 0], row * timesInRow);
    [cursor.stretch, cursor.row] = [number, row];
    return row;
  }

  function addTime(row: number, seconds: number): void {
    const at = row * timesInRow;
    times[at] = (times[at] ?? 0) + seconds;
    times[at + 1] = Math.min(times[at + 1] ?? 0, seconds);
    times[at + 2] = Math.max(times[at + 2] ?? 0, seconds);
    times[at + 3] = seconds;
  }

  return {
    follow: (targets) => {
      const before = new Map(byKey.values().map((cursor) => [nameOf(cursor.place), cursor]));
      const byName = new Map<string, Cursor>();
      byKey = new Map();
      const placed = targets.filter(({ peer: { node, pod } }) => node !== '' || pod !== '');
      const byIpv4 = new Set(
        placed.filter(({ peer }) => networkType(peer) === 'ipv4').map(({ peer }) => nameOf(peer)),
      );
      for (const { key, peer } of placed) {
        const name = nameOf(peer);
        if (networkType(peer) === 'ipv6' && byIpv4.has(name)) continue;
        const known = byName.get(name) ?? before.get(name);
        const same = known?.place.zone === peer.zone && known.place.rack === peer.rack;
        const cursor = same ? known : { place: placeOf(peer), stretch: -1, row: -1 };
        byName.set(name, cursor);
        byKey.set(key, cursor);
      }
    },
    add: (sample, sound) => {
      const cursor = byKey.get(sample.target.key);
      if (cursor === undefined || isLocal(sample)) return;
      turn();
      const row = cursor.stretch === number ? cursor.row : openRow(cursor);
      if (row < 0) return;
      const at = row * countsInRow;
      counts[at] = (counts[at] ?? 0) + 1;
      if (sample.kind === 'failed') counts[at + 1] = (counts[at + 1] ?? 0) + 1;
      else if (sound) {
        counts[at + 2] = (counts[at + 2] ?? 0) + 1;
        addTime(row, sample.rttNs / 1e9);
      }
    },
    after: (wanted) => {
      turn();
      return finished.filter((each) => each.number > wanted);
    },
    placeOf: (key) => byKey.get(key)?.place,
  };
}

function grown<Values extends { set: (from: Values) => void }>(from: Values, into: Values): Values {
  into.set(from);
  return into;
}

function nameOf({ node, namespace, pod }: MeshPlace): string {
  return pod === '' ? node : `${namespace}/${pod}`;
}

function placeOf({ node, zone, rack, namespace, pod }: Peer): MeshPlace {
  return { node, zone, rack, namespace, pod };
}
