import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigError, messageOf } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import { mergeDefinitions } from '../boot/definitions.ts';
import { joinEvidence, type Evidence } from '../core/evidence.ts';
import type { EventDefinition } from '../core/event.ts';
import type { NodeFacts } from '../core/node-facts.ts';
import type { SourceReport } from '../core/source-report.ts';
import { readLogs } from '../follow/read-logs.ts';
import { noCounts } from '../journal/counts.ts';
import { readJournal } from '../journal/edge/follow-journal.ts';
import { readExport } from '../journal/export/read-export.ts';
import { JournalText } from '../journal/journal-text.ts';
import { defaultLimits } from '../journal/limits.ts';
import { cloudInitEvents } from '../sources/cloud-init/events.ts';
import { askCloudInit } from '../sources/cloud-init/follow.ts';
import { archivePlan, type ArchivePart, type GivenPath } from './archive-plan.ts';
import { choosePack } from './choose-pack.ts';
import { hostZone } from './host-zone.ts';
import { createLedger } from './ledger.ts';
import { createScanning, type Scanning } from './scanning.ts';
import { writtenUnixMs } from './written.ts';

export interface ReadArchiveOptions {
  /** Folders that hold the root or the /var/log of a node, and files. */
  readonly paths: readonly string[];
  /** `auto`, the name of a pack, or a path that begins with ./, ../ or /. */
  readonly pack: string;
  readonly podNamespace: string;
  /** Of stamps that tell none; empty: that of the node, as far as the archive has it. */
  readonly timeZone: string;
  /** Of the last line of logs that tell none; undefined: by when their files were last changed. */
  readonly year: number | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface ReadArchive {
  readonly definitions: readonly EventDefinition[];
  readonly evidence: Evidence;
}

/** Reads logs that were taken from a node, whole. Rejects with a ConfigError where a path, pack or zone is none. */
export async function readArchive(options: ReadArchiveOptions): Promise<ReadArchive> {
  const { pack: named, podNamespace, timeZone, signal } = options;
  const given = await Promise.all(options.paths.map(lookAt));
  const root = given.find(({ isFolder }) => isFolder)?.path ?? '/nowhere';
  const pack = await choosePack({ pack: named, root, otherwise: 'eks' });
  const zone = await hostZone(timeZone, root);
  const ledger = createLedger();
  const scanning = await createScanning({
    pack,
    podNamespace,
    zone,
    bootedAtUnixNs: undefined,
    whole: true,
    ledger,
    onOccurrence: () => undefined,
  });
  const reports: SourceReport[] = [];
  for (const part of archivePlan(pack, given)) {
    signal.throwIfAborted();
    reports.push(await readPart(part, scanning, options));
  }
  const cloudInit = await cloudInitOf(given);
  const logs: Evidence = {
    occurrences: ledger.occurrences(),
    activities: ledger.activities(),
    reports,
    facts: await factsOf(root),
  };
  return {
    definitions: mergeDefinitions(cloudInitEvents, scanning.definitions()),
    evidence: joinEvidence([...cloudInit, logs]),
  };
}

/** Its status is in the root of a node alone. */
async function cloudInitOf(given: readonly GivenPath[]): Promise<readonly Evidence[]> {
  const roots = given.filter(({ isFolder }) => isFolder).map(({ path }) => path);
  if (roots.length === 0) return [];
  return [
    await askCloudInit(
      roots.flatMap((root) =>
        ['/run/cloud-init/status.json', '/var/lib/cloud/data/status.json'].map((path) =>
          join(root, path),
        ),
      ),
    ),
  ];
}

async function lookAt(path: string): Promise<GivenPath> {
  try {
    const isFolder = (await stat(path)).isDirectory();
    if (isFolder) return { path, isFolder, begin: Buffer.alloc(0) };
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(64), position: 0 });
      return { path, isFolder, begin: buffer.subarray(0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (caught) {
    throw new ConfigError(`reading ${path}: ${messageOf(caught)}`, { cause: caught });
  }
}

async function readPart(
  { source, form, paths }: ArchivePart,
  scanning: Scanning,
  options: ReadArchiveOptions,
): Promise<SourceReport> {
  const problem =
    form === 'text'
      ? await readText({ source, paths }, scanning, options)
      : form === 'journal'
        ? await readJournals(paths, scanning, options)
        : await readExports(paths, scanning);
  return problem === undefined ? { source } : { source, problem };
}

async function readText(
  { source, paths }: Pick<ArchivePart, 'source' | 'paths'>,
  scanning: Scanning,
  { paths: given, year, log, signal }: ReadArchiveOptions,
): Promise<string | undefined> {
  const among = given.join(', ');
  const endOfYear = year === undefined ? undefined : Date.UTC(year + 1, 0) - 1;
  let last: string | undefined;
  const counts = await readLogs({
    globs: paths,
    // Those of other places are not missed.
    log: { ...log, warn: () => undefined },
    signal,
    onChunk: (chunk) => {
      if (last !== undefined && last !== chunk.log) scanning.end(source, last);
      last = chunk.log;
      scanning.feed(chunk, source, endOfYear ?? writtenUnixMs(chunk.path));
    },
  });
  if (last !== undefined) scanning.end(source, last);
  if (counts.chunks > 0) return undefined;
  return counts.unreadable > 0 || counts.damaged > 0
    ? `what is of it in ${among} cannot be read`
    : `there is nothing of it in ${among}`;
}

async function readJournals(
  paths: readonly string[],
  scanning: Scanning,
  { paths: given, signal }: ReadArchiveOptions,
): Promise<string | undefined> {
  const text = new JournalText('journal', 'journal');
  const refused: string[] = [];
  let read = 0;
  const batches = readJournal({
    paths,
    withUsers: false,
    start: { kind: 'all' },
    fields: [],
    limits: defaultLimits,
    counts: noCounts(),
    onRefused: (path, reason) => void refused.push(`${path}: ${reason}`),
  });
  for await (const { entries } of batches) {
    signal.throwIfAborted();
    scanning.feedJournal(entries, text);
    read += entries.length;
  }
  return read > 0 ? undefined : (refused[0] ?? `there is nothing of it in ${given.join(', ')}`);
}

async function readExports(
  paths: readonly string[],
  scanning: Scanning,
): Promise<string | undefined> {
  const text = new JournalText('export', 'export');
  let read = 0;
  for (const path of paths) {
    const stream = createReadStream(path) as AsyncIterable<Buffer>;
    const batches = readExport(stream, { limits: defaultLimits, counts: noCounts() });
    for await (const entries of batches) {
      scanning.feedJournal(entries, text);
      read += entries.length;
    }
  }
  return read > 0 ? undefined : `no entry in ${paths.join(', ')}`;
}

async function factsOf(root: string): Promise<NodeFacts> {
  const name = await readFile(join(root, '/etc/hostname'), 'utf8').catch(() => '');
  return name.trim() === '' ? {} : { name: name.trim() };
}
