import { startupFinished } from '../boot/startup.ts';
import type { UnitMoment } from '../boot/unit-activities.ts';
import type { Zone } from '../clock/zone.ts';
import type { Chunk } from '../core/chunk.ts';
import type { EventDefinition } from '../core/event.ts';
import type { Occurrence } from '../core/occurrence.ts';
import type { JournalEntry } from '../journal/entry.ts';
import type { JournalText } from '../journal/journal-text.ts';
import type { Pack } from '../packs/pack.ts';
import { compilePack } from '../scan/compile-pack.ts';
import { createLogScan } from '../scan/log-scan.ts';
import type { ScanCounts } from '../scan/scan-counts.ts';
import { unitEvent } from '../scan/unit-event.ts';
import type { Ledger } from './ledger.ts';

export interface ScanningOptions {
  readonly pack: Pack;
  readonly podNamespace: string;
  readonly zone: Zone;
  /** When the kernel started that stamps since boot count from. */
  readonly bootedAtUnixNs: bigint | undefined;
  /** Logs are read whole, or followed. */
  readonly whole: boolean;
  readonly ledger: Ledger;
  /** Told of what the ledger did not know. */
  readonly onOccurrence: (occurrence: Occurrence) => void;
}

/** Scans logs and journals for a pack's events, into a ledger. */
export interface Scanning {
  readonly feed: (chunk: Chunk, source: string, writtenUnixMs: number) => void;
  /** Entries in their order, with the text that they are written as. */
  readonly feedJournal: (entries: readonly JournalEntry[], text: JournalText) => void;
  /** No more chunks of that log will come. */
  readonly end: (source: string, log: string) => void;
  /** Of the pack's events, and of units that are charted as they are met. */
  readonly definitions: () => readonly EventDefinition[];
  readonly counts: Readonly<ScanCounts>;
}

/** Name that the packs give to what journald writes. */
export const journalSource = 'Journal';
const bufferBytes = 128 * 1024;
/** Units of which each end is an event of its own. */
const mostUnitEvents = 300;

/** What an entry of a journal knows of time beyond the text of its line. */
type EntryClock = Pick<Occurrence, 'bootId' | 'monotonicUs'>;

export async function createScanning(options: ScanningOptions): Promise<Scanning> {
  const { pack, podNamespace, zone, bootedAtUnixNs, whole, ledger, onOccurrence } = options;
  const { sources } = await compilePack(pack, podNamespace);
  /** Of the entries that are scanned now. */
  let clockAt: ((atUnixNs: bigint) => EntryClock) | undefined;
  const withClock = <Each extends { readonly atUnixNs: bigint }>(each: Each): Each & EntryClock =>
    clockAt === undefined ? each : { ...each, ...clockAt(each.atUnixNs) };
  const listed = pack.events.filter(({ metric }) => metric !== startupFinished);
  const ofUnits = new Map<string, EventDefinition>();

  function occurred(occurrence: Occurrence): void {
    if (ledger.occurred(occurrence)) onOccurrence(occurrence);
  }

  function chartUnit(moment: UnitMoment): void {
    const { definition, occurrence } = unitEvent(moment);
    if (!ofUnits.has(definition.metric) && ofUnits.size >= mostUnitEvents) return;
    ofUnits.set(definition.metric, definition);
    occurred(occurrence);
  }

  // Their occurrences are known from before a restart, and told.
  if (pack.chartsUnits) ledger.told().units.forEach(chartUnit);
  const scan = createLogScan({
    sources,
    zone,
    bootedAtUnixNs,
    years: whole ? 'at-end' : 'at-once',
    bufferBytes,
    onOccurrence: (told) => occurred(withClock(told)),
    onUnit: (told) => {
      const moment = withClock(told);
      ledger.unit(moment);
      if (pack.chartsUnits) chartUnit(moment);
    },
    onCount: (metric) => ledger.counted(metric),
  });
  return {
    feed: (chunk, source, writtenUnixMs) =>
      scan.feed({ ...chunk, log: keyOf(source, chunk.log) }, { source, writtenUnixMs }),
    feedJournal: (entries, text) => {
      for (const run of runsOfBoots(entries)) {
        clockAt = entryClock(run);
        for (const chunk of text.chunksOf(run))
          scan.feed(chunk, { source: journalSource, writtenUnixMs: Date.now() });
        clockAt = undefined;
      }
    },
    end: (source, log) => scan.end(keyOf(source, log)),
    definitions: () => [...listed, ...ofUnits.values()],
    counts: scan.counts,
  };
}

/** Two sources that are read apart number their logs alike. */
function keyOf(source: string, log: string): string {
  return `${source} ${log}`;
}

/** Entries of one boot after the other. */
function* runsOfBoots(entries: readonly JournalEntry[]): Generator<readonly JournalEntry[]> {
  let from = 0;
  for (let at = 1; at <= entries.length; at++) {
    if (at < entries.length && entries[at]?.bootId === entries[from]?.bootId) continue;
    if (at > from) yield entries.slice(from, at);
    from = at;
  }
}

/** By the entry whose time is nearest: a line may hold a time of its own, a little before that of its entry. */
function entryClock(run: readonly JournalEntry[]): (atUnixNs: bigint) => EntryClock {
  const bootId = run[0]?.bootId;
  if (bootId === undefined) return () => ({});
  return (atUnixNs) => {
    const us = Number(atUnixNs / 1000n);
    const nearest = run.reduce<JournalEntry | undefined>(
      (best, each) =>
        best === undefined || Math.abs(each.realtimeUs - us) < Math.abs(best.realtimeUs - us)
          ? each
          : best,
      undefined,
    );
    const { realtimeUs, monotonicUs } = nearest ?? {};
    return realtimeUs === undefined || monotonicUs === undefined
      ? { bootId }
      : { bootId, monotonicUs: monotonicUs + (us - realtimeUs) };
  };
}
