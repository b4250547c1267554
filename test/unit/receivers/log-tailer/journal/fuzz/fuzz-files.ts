import {
  noCounts,
  type JournalCounts,
} from '../../../../../../receivers/log-tailer/journal/counts.ts';
import {
  openJournal,
  type JournalFile,
} from '../../../../../../receivers/log-tailer/journal/file/journal-file.ts';
import type { Limits } from '../../../../../../receivers/log-tailer/journal/limits.ts';
import { entriesOf } from '../../../../../support/journal/read-all.ts';
import { fixture, fixtureNames } from '../../../../../support/journal/fixtures.ts';
import { pick, seeded, whole, type Random } from '../../../correlator/fuzz/random.ts';
import { mutate } from './mutations.ts';
import { objectsOf, type Placed } from './objects-of.ts';
import { PatchedBytes } from './patched-bytes.ts';

export interface FileFuzz {
  readonly files: number;
  /** Taken for journals, whatever was then read of them. */
  readonly opened: number;
  /** Of which all 60 entries were read, though maybe not as they were written. */
  readonly whole: number;
  readonly entries: number;
  readonly fields: number;
  readonly counted: JournalCounts;
  /** Entries that took more than they may. */
  readonly beyondLimits: number;
  readonly longestMs: number;
}

const limits: Limits = { maxFieldBytes: 256 * 1024, maxEntryBytes: 512 * 1024, maxEntryFields: 64 };
const windows = { windowBytes: 4096, windows: 8 };
const filters = ['_TRANSPORT=kernel', 'PRIORITY=3', '_SYSTEMD_UNIT=kubelet.service'];

/** A journal to be damaged, and where its objects lie. */
export interface Base {
  readonly patched: PatchedBytes;
  readonly objects: readonly Placed[];
}

type Totals = { -readonly [Key in keyof FileFuzz]: FileFuzz[Key] };

/** The journals of each form and compression. */
export function loadBases(): readonly Base[] {
  return fixtureNames.map((name) => {
    const bytes = fixture(name);
    return { patched: new PatchedBytes(bytes), objects: objectsOf(bytes) };
  });
}

/** Reads so many damaged journals, each in one of several ways; throws where the reader does. The same each time for a seed. */
export function fuzzFiles(files: number, seed: number, bases = loadBases()): FileFuzz {
  const random = seeded(seed);
  const counted = noCounts();
  const totals: Totals = {
    files,
    opened: 0,
    whole: 0,
    entries: 0,
    fields: 0,
    counted,
    beyondLimits: 0,
    longestMs: 0,
  };
  for (let i = 0; i < files; i++) {
    // XZ is slow to expand.
    const base = bases[random() < 0.05 ? 0 : 1 + whole(random, bases.length - 1)] as Base;
    const beganMs = performance.now();
    mutate(base.patched, base.objects, random);
    readDamaged(base, totals, random);
    base.patched.restore();
    totals.longestMs = Math.max(totals.longestMs, performance.now() - beganMs);
  }
  return totals;
}

function readDamaged({ patched, objects }: Base, totals: Totals, random: Random): void {
  const source = {
    size: () => patched.length,
    read: (target: Uint8Array, offset: number) =>
      offset >= patched.length ? 0 : patched.bytes.copy(target, 0, offset, patched.length),
  };
  const fields = random() < 0.2 ? filters : [];
  const opened = openJournal(source, { limits, counts: totals.counted, windows, fields });
  if (opened.kind === 'refused') return;
  totals.opened += 1;
  const { file } = opened;
  const way = pick(random, ['all', 'all', 'all', 'seek', 'boot', 'growing'] as const);
  if (way === 'seek') file.seek(({ seqnum }) => seqnum <= 20);
  if (way === 'boot') file.seekField(`_BOOT_ID=${(0xb007_0001).toString(16).padStart(32, '5')}`);
  if (way === 'growing') {
    for (let i = 0; i < 20; i++) file.take()?.fields();
    mutate(patched, objects, random);
    file.refresh();
  }
  if (readRest(file, totals) === 60) totals.whole += 1;
}

function readRest(file: JournalFile, totals: Totals): number {
  let entries = 0;
  for (const entry of entriesOf(file)) {
    const fields = entry.fields();
    entries += 1;
    totals.fields += fields.length;
    const bytes = fields.reduce((sum, { value }) => sum + value.length, 0);
    if (fields.length > limits.maxEntryFields || bytes > limits.maxEntryBytes)
      totals.beyondLimits += 1;
  }
  totals.entries += entries;
  file.close();
  return entries;
}
