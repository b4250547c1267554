import assert from 'node:assert/strict';
import {
  noCounts,
  type JournalCounts,
} from '../../../../../../receivers/log-tailer/journal/counts.ts';
import type { JournalEntry } from '../../../../../../receivers/log-tailer/journal/entry.ts';
import { ExportParser } from '../../../../../../receivers/log-tailer/journal/export/export-parser.ts';
import { exportSamples, samples } from '../../../../../support/journal/samples.ts';
import { pick, seeded, whole, type Random } from '../../../correlator/fuzz/random.ts';

export interface ExportFuzz {
  readonly texts: number;
  readonly entries: number;
  /** Texts in which something was left out, and counted. */
  readonly damaged: number;
}

const limits = { maxFieldBytes: 1500, maxEntryBytes: 4000, maxEntryFields: 10 };

/** Reads so many damaged exports; throws where the parser does, and where it matters in which pieces they come. */
export function fuzzExport(texts: number, seed: number): ExportFuzz {
  const random = seeded(seed);
  const base = exportSamples(samples({ entries: 9 }));
  const totals = { texts, entries: 0, damaged: 0 };
  for (let i = 0; i < texts; i++) {
    const text = damaged(base, random);
    const once = parse([text]);
    const pieces = parse(cut(text, random));
    assert.deepEqual(pieces, once, `seed ${seed}, text ${i}`);
    totals.entries += once.entries.length;
    if (Object.values(once.counts).some((count) => count > 0)) totals.damaged += 1;
  }
  return totals;
}

function parse(pieces: readonly Buffer[]): { entries: string[]; counts: JournalCounts } {
  const counts = noCounts();
  const parser = new ExportParser(limits, counts);
  const entries = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
  return { entries: entries.map(textOf), counts };
}

const textOf = ({ realtimeUs, monotonicUs, bootId, fields }: JournalEntry): string =>
  [
    realtimeUs,
    monotonicUs,
    bootId,
    ...fields().map(({ name, value }) => name + value.toString('latin1')),
  ].join(' ');

function damaged(base: Buffer, random: Random): Buffer {
  let text = Buffer.from(base);
  for (let times = whole(random, 5); times > 0; times--) {
    const at = whole(random, text.length);
    const kind = pick(random, ['byte', 'newline', 'drop', 'cut', 'size'] as const);
    if (kind === 'byte') text[at] = whole(random, 256);
    if (kind === 'newline') text[at] = 10;
    if (kind === 'drop')
      text = Buffer.concat([text.subarray(0, at), text.subarray(at + 1 + whole(random, 300))]);
    if (kind === 'cut') text = text.subarray(0, Math.max(1, at));
    if (kind === 'size') {
      const name = text.indexOf('BLOB\n');
      if (name !== -1 && name + 13 <= text.length)
        text.writeBigUInt64LE(
          pick(random, [0n, 299n, 301n, 5000n, 1n << 33n, (1n << 64n) - 1n]),
          name + 5,
        );
    }
  }
  return text;
}

function cut(text: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  const most = pick(random, [1, 7, 100, 5000]);
  for (let at = 0; at < text.length;) {
    const length = 1 + whole(random, most);
    pieces.push(text.subarray(at, at + length));
    at += length;
  }
  return pieces;
}
