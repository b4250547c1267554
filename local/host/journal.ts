import { appendFileSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** How a component shows that it is well. */
const healthCheckSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('http'),
    url: z.string().describe('GET, from the host, answers 200; https with the own certificate'),
  }),
  z.strictObject({
    kind: z.literal('socket-in-node'),
    path: z.string().describe("A Unix socket in the node's file system accepts connections"),
  }),
]);

export type HealthCheck = z.infer<typeof healthCheckSchema>;

/**
 * What `up` is about to make outside its folder, noted before it is made, so that `down` finds it after a crash at any
 * moment. A `process` is the exception: its id is known only once it runs, so it also carries the cluster's mark.
 */
const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('process'),
    component: z.string(),
    node: z.string().nullable(),
    pid: z.int(),
    startTime: z
      .string()
      .describe('Clock ticks since the boot: with the pid, it names one process'),
    health: healthCheckSchema.nullable().describe('Null: it is well while it runs'),
  }),
  z.strictObject({ kind: z.literal('link'), name: z.string() }),
  z.strictObject({ kind: z.literal('nft-table'), family: z.string(), name: z.string() }),
  z.strictObject({
    kind: z.literal('forward-rule'),
    direction: z.enum(['in', 'out']),
    device: z.string(),
  }),
  z.strictObject({ kind: z.literal('cgroup'), path: z.string() }),
  z.strictObject({ kind: z.literal('sysctl'), name: z.string(), before: z.string() }),
]);

export type JournalEntry = z.infer<typeof entrySchema>;

export interface Journal {
  note(entry: JournalEntry): void;
}

export function formatEntry(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Entries of a journal, oldest first. A line that a crash cut short is no entry: what it announced was not yet made. */
export function parseJournal(text: string): JournalEntry[] {
  return text.split('\n').flatMap((line) => {
    const entry = entrySchema.safeParse(parseJson(line));
    return entry.success ? [entry.data] : [];
  });
}

export type ProcessEntry = Extract<JournalEntry, { kind: 'process' }>;

/** The last process noted for each component, by component and node. */
export function latestProcesses(entries: readonly JournalEntry[]): Map<string, ProcessEntry> {
  const latest = new Map<string, ProcessEntry>();
  for (const entry of entries)
    if (entry.kind === 'process') latest.set(processKey(entry.component, entry.node), entry);
  return latest;
}

export function processKey(component: string, node: string | null): string {
  return node === null ? component : `${component} on ${node}`;
}

/** A journal that is appended to at `path`; each note has reached the kernel when `note` returns. */
export function openJournal(path: string): Journal {
  return { note: (entry) => appendFileSync(path, formatEntry(entry), { mode: 0o600 }) };
}

/** Empty where there is no journal. */
export function readJournal(path: string): JournalEntry[] {
  try {
    return parseJournal(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
