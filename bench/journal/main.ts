/** Reads a folder of journals in one of the ways that the benchmark compares, and prints how many bytes came of it, and its memory. */
import { readFileSync } from 'node:fs';
import { noCounts } from '../../receivers/log-tailer/journal/counts.ts';
import { readJournal } from '../../receivers/log-tailer/journal/edge/follow-journal.ts';
import { JournalText } from '../../receivers/log-tailer/journal/journal-text.ts';
import { defaultLimits } from '../../receivers/log-tailer/journal/limits.ts';

const [folder = '', way = 'fields', ...fields] = process.argv.slice(2);
const text = new JournalText('journal', folder);
let entries = 0;
let bytes = 0;
for await (const batch of readJournal({
  paths: [folder],
  withUsers: true,
  start: { kind: 'all' },
  fields,
  limits: defaultLimits,
  counts: noCounts(),
  onRefused: (path, reason) => console.error(`${path}: ${reason}`),
})) {
  entries += batch.entries.length;
  if (way === 'text') for (const chunk of text.chunksOf(batch.entries)) bytes += chunk.bytes.length;
  else
    for (const entry of batch.entries)
      for (const { value } of entry.fields()) bytes += value.length;
}
console.log(
  JSON.stringify({
    entries,
    bytes,
    rssBytes: Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024,
  }),
);
