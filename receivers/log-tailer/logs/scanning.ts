import { startupFinished } from '../boot/startup.ts';
import type { Zone } from '../clock/zone.ts';
import type { Chunk } from '../core/chunk.ts';
import type { EventDefinition } from '../core/event.ts';
import type { Occurrence } from '../core/occurrence.ts';
import type { UnitMoment } from '../core/unit-moment.ts';
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

export async function createScanning(options: ScanningOptions): Promise<Scanning> {
  const { pack, podNamespace, zone, bootedAtUnixNs, whole, ledger, onOccurrence } = options;
  const { sources } = await compilePack(pack, podNamespace);
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
    onOccurrence: occurred,
    onUnit: (moment) => {
      ledger.unit(moment);
      if (pack.chartsUnits) chartUnit(moment);
    },
    onCount: (metric) => ledger.counted(metric),
  });
  return {
    feed: (chunk, source, writtenUnixMs) =>
      scan.feed({ ...chunk, log: keyOf(source, chunk.log) }, { source, writtenUnixMs }),
    feedJournal: (entries, text) => {
      for (const { entryAt, ...chunk } of text.chunksOf(entries))
        scan.feed(chunk, { source: journalSource, writtenUnixMs: Date.now(), entryAt });
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
