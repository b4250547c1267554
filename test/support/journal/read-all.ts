import { noCounts, type JournalCounts } from '../../../receivers/log-tailer/journal/counts.ts';
import { openFile } from '../../../receivers/log-tailer/journal/edge/file-source.ts';
import type { ByteSource } from '../../../receivers/log-tailer/journal/file/byte-source.ts';
import type { FileEntry } from '../../../receivers/log-tailer/journal/file/file-entry.ts';
import {
  openJournal,
  type JournalFile,
  type JournalFileOptions,
} from '../../../receivers/log-tailer/journal/file/journal-file.ts';
import { defaultLimits } from '../../../receivers/log-tailer/journal/limits.ts';

export type ReadOptions = Partial<JournalFileOptions>;

/** Opens a journal that must be one. */
export function journalOf(source: ByteSource, options: ReadOptions = {}): JournalFile {
  const opened = openJournal(source, { limits: defaultLimits, counts: noCounts(), ...options });
  if (opened.kind === 'refused') throw new Error(`the journal is refused: ${opened.reason}`);
  return opened.file;
}

/** All entries that are left of a journal. */
export function* entriesOf(file: JournalFile): Generator<FileEntry> {
  for (let entry = file.take(); entry !== undefined; entry = file.take()) yield entry;
}

/** What `use` makes of each entry of a file, and what was counted. */
export function readPath<T>(
  path: string,
  use: (entry: FileEntry) => T,
  options: ReadOptions = {},
): { readonly read: T[]; readonly counts: JournalCounts } {
  const counts = noCounts();
  const source = openFile(path);
  try {
    const file = journalOf(source, { counts, ...options });
    const read = [...entriesOf(file)].map(use);
    file.close();
    return { read, counts };
  } finally {
    source.close();
  }
}
