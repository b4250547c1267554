import { mostRows, stretchesKept, stretchMs } from '../../shared/mesh/tally-limits.ts';
import type { MeshPlace } from '../../shared/mesh/tally-report.ts';
import { isLocal, type Sample } from './sample.ts';
import {
  addCount,
  addTime,
  begun,
  createSheet,
  openRowOf,
  type Sheet,
  type Stretch,
} from './tally-sheet.ts';
import { networkType, type Wanted } from './target.ts';

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
  /** The destination that a target's probes are counted for. It may have more to it than a place. */
  readonly placeOf: (key: string) => MeshPlace | undefined;
}

/** Where the probes of one destination are counted now. */
interface Cursor {
  readonly place: MeshPlace;
  /** The how-manieth stretch its row is of: a clock that is set back gives numbers again. */
  stretch: number;
  row: number;
}

/** `nowMs` gives milliseconds of the Unix clock. */
export function createTally({ nowMs }: { readonly nowMs: () => number }): Tally {
  let byKey = new Map<string, Cursor>();
  let finished: Sheet[] = [];
  let sheet = createSheet(currentNumber());
  let stretches = 0;

  function currentNumber(): number {
    return Math.floor(nowMs() / stretchMs);
  }

  /** Ends the stretch where another one has begun. After a small step back of the clock it goes on. */
  function turn(): void {
    const now = currentNumber();
    if (now === sheet.number || (now < sheet.number && sheet.number - now <= stretchesKept)) return;
    if (sheet.rows > 0) finished.push(sheet);
    const isKept = ({ number }: Stretch): boolean => number < now && number >= now - stretchesKept;
    const [old] = finished.filter((each) => !isKept(each));
    // Stretches come and go by the ten thousand rows: a new one takes the place of one that has gone.
    const next = sheet.rows === 0 ? sheet : old;
    finished = finished.filter(isKept);
    sheet = next === undefined ? createSheet(now) : begun(next, now);
    stretches++;
  }

  /** A row of a stretch; -1: there is no room for another. */
  function openRow(cursor: Cursor): number {
    if (sheet.rows >= mostRows) return -1;
    const row = openRowOf(sheet, cursor.place);
    [cursor.stretch, cursor.row] = [stretches, row];
    return row;
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
        const cursor = same ? known : { place: peer, stretch: -1, row: -1 };
        byName.set(name, cursor);
        byKey.set(key, cursor);
      }
    },
    add: (sample, sound) => {
      const cursor = byKey.get(sample.target.key);
      if (cursor === undefined || isLocal(sample)) return;
      turn();
      const row = cursor.stretch === stretches ? cursor.row : openRow(cursor);
      if (row < 0) return;
      addCount(sheet, row, 0);
      if (sample.kind === 'failed') addCount(sheet, row, 1);
      else if (sound) {
        addCount(sheet, row, 2);
        addTime(sheet, row, sample.rttNs / 1e9);
      }
    },
    after: (wanted) => {
      turn();
      return finished.filter((each) => each.number > wanted);
    },
    placeOf: (key) => byKey.get(key)?.place,
  };
}

function nameOf({ node, namespace, pod }: MeshPlace): string {
  return pod === '' ? node : `${namespace}/${pod}`;
}
