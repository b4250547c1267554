import type { Occurrence } from '../../receivers/log-tailer/core/occurrence.ts';
import { utc } from '../../receivers/log-tailer/clock/zone.ts';
import { builtInPack, type BuiltInPack } from '../../receivers/log-tailer/packs/built-in.ts';
import { compilePack } from '../../receivers/log-tailer/scan/compile-pack.ts';
import { createLogScan, type LogScanOptions } from '../../receivers/log-tailer/scan/log-scan.ts';
import type { ScanCounts } from '../../receivers/log-tailer/scan/scan-counts.ts';
import type { UnitMoment } from '../../receivers/log-tailer/core/unit-moment.ts';

/** A log that is scanned whole. */
export interface WholeLog {
  readonly source: string;
  readonly text: string | Buffer;
  readonly writtenUnixMs: number;
}

export interface Scanned {
  readonly occurrences: readonly Occurrence[];
  readonly units: readonly UnitMoment[];
  /** By metric. */
  readonly counted: Readonly<Record<string, number>>;
  readonly counts: Readonly<ScanCounts>;
}

type Options = Partial<Pick<LogScanOptions, 'sources' | 'zone' | 'years' | 'bootedAtUnixNs'>> & {
  /** Of the chunks that logs come in; default: one. */
  readonly chunkBytes?: number;
};

/** What a built-in pack finds in logs. */
export async function scanLogs(
  pack: BuiltInPack,
  logs: readonly WholeLog[],
  options: Options = {},
): Promise<Scanned> {
  const occurrences: Occurrence[] = [];
  const units: UnitMoment[] = [];
  const counted: Record<string, number> = {};
  const scan = createLogScan({
    sources: (await compilePack(builtInPack(pack), 'default')).sources,
    zone: utc,
    years: 'at-end',
    bufferBytes: 64 * 1024,
    onOccurrence: (occurrence) => occurrences.push(occurrence),
    onUnit: (unit) => units.push(unit),
    onCount: (metric) => (counted[metric] = (counted[metric] ?? 0) + 1),
    ...options,
  });
  for (const [number, { source, text, writtenUnixMs }] of logs.entries()) {
    const log = String(number);
    for (const { offset, bytes } of wholeLines(Buffer.from(text), options.chunkBytes))
      scan.feed({ log, path: log, offset, bytes }, { source, writtenUnixMs });
    scan.end(log);
  }
  return { occurrences, units, counted, counts: scan.counts };
}

/** Whole lines of some length, as those who follow logs hand them on. */
function wholeLines(text: Buffer, chunkBytes = text.length): { offset: number; bytes: Buffer }[] {
  const chunks = [];
  for (let offset = 0; offset < text.length;) {
    const last = text.lastIndexOf(0x0a, offset + chunkBytes - 1) + 1;
    const end = last > offset ? last : Math.min(text.length, offset + chunkBytes);
    chunks.push({ offset, bytes: text.subarray(offset, end) });
    offset = end;
  }
  return chunks;
}
