import type { CurrentBoot } from '../../shared/current-boot.ts';
import { alignClocks } from '../boot/align-clocks.ts';
import { startupActivities, startupFinished } from '../boot/startup.ts';
import { unitActivities } from '../boot/unit-activities.ts';
import type { Activity } from '../core/activity.ts';
import type { Occurrence } from '../core/occurrence.ts';
import type { UnitMoment } from '../core/unit-moment.ts';

/** What logs told, as it is kept over a restart. */
export interface Told {
  readonly occurrences: readonly Occurrence[];
  readonly units: readonly UnitMoment[];
}

/** Keeps what logs tell, within bounds. */
export interface Ledger {
  /** False: there was no room for it, or it is known. */
  readonly occurred: (occurrence: Occurrence) => boolean;
  readonly unit: (moment: UnitMoment) => void;
  readonly counted: (metric: string) => void;
  readonly told: () => Told;
  /** By one clock. */
  readonly occurrences: () => readonly Occurrence[];
  readonly activities: () => readonly Activity[];
  /** How often what is counted happened, by its metric. */
  readonly counts: () => ReadonlyMap<string, number>;
  /** Occurrences and moments of units for which there was no room. */
  readonly dropped: () => number;
}

/** Of one event. */
const mostOccurrences = 1000;
const mostUnits = 5000;
const startPrecisionNs = 1_000_000_000n;

export interface LedgerOptions {
  /** What is known from before a restart. */
  readonly before?: Told | undefined;
  /** Alone what happened in it is kept; undefined: all boots. */
  readonly boot?: CurrentBoot | undefined;
}

export function createLedger({ before, boot }: LedgerOptions = {}): Ledger {
  const occurrences = new Map<string, Occurrence[]>();
  const known = new Set<string>();
  const units: UnitMoment[] = [...(before?.units ?? [])];
  const counts = new Map<string, number>();
  let dropped = 0;

  function occurred(occurrence: Occurrence): boolean {
    const { event, source, atUnixNs, comment = '' } = occurrence;
    if (!isOf(occurrence, boot)) return false;
    const key = `${event}\n${source}\n${atUnixNs}\n${comment}`;
    if (known.has(key)) return false;
    const own = occurrences.get(event) ?? [];
    if (own.length >= mostOccurrences) {
      dropped++;
      return false;
    }
    known.add(key);
    own.push(occurrence);
    occurrences.set(event, own);
    return true;
  }

  for (const each of before?.occurrences ?? []) occurred(each);
  const all = (): Occurrence[] => [...occurrences.values()].flat();
  return {
    occurred,
    unit: (moment) => {
      if (!isOf(moment, boot)) return;
      if (units.length < mostUnits) units.push(moment);
      else dropped++;
    },
    counted: (metric) => void counts.set(metric, (counts.get(metric) ?? 0) + 1),
    told: () => ({ occurrences: all(), units }),
    occurrences: () =>
      alignClocks<Occurrence | UnitMoment>([...all(), ...units]).filter(
        (each): each is Occurrence => 'event' in each,
      ),
    activities: () => {
      const aligned = alignClocks<Occurrence | UnitMoment>([...all(), ...units]);
      const moments = aligned.filter((each): each is UnitMoment => 'unit' in each);
      const starts = aligned.filter(
        (each): each is Occurrence => 'event' in each && each.event === startupFinished,
      );
      return [...starts.flatMap(startupActivities), ...unitActivities(moments)];
    },
    counts: () => counts,
    dropped: () => dropped,
  };
}

function isOf(
  { bootId, atUnixNs, precisionNs }: Pick<Occurrence, 'bootId' | 'atUnixNs' | 'precisionNs'>,
  boot: CurrentBoot | undefined,
): boolean {
  if (boot === undefined) return true;
  if (bootId !== undefined) return bootId === boot.id;
  // When the kernel started is known to some milliseconds.
  return atUnixNs + BigInt(precisionNs) + startPrecisionNs >= boot.startUnixNs;
}
