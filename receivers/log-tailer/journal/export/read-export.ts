import type { JournalCounts } from '../counts.ts';
import type { JournalEntry } from '../entry.ts';
import type { Limits } from '../limits.ts';
import { ExportParser } from './export-parser.ts';

/** The entries of a stream in the journal export format, in batches as they come. */
export async function* readExport(
  stream: AsyncIterable<Buffer>,
  { limits, counts }: { readonly limits: Limits; readonly counts: JournalCounts },
): AsyncGenerator<readonly JournalEntry[]> {
  const parser = new ExportParser(limits, counts);
  for await (const bytes of stream) {
    const entries = parser.push(bytes);
    if (entries.length > 0) yield entries;
  }
  const last = parser.end();
  if (last.length > 0) yield last;
}
