import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { CurrentBoot } from '../../shared/current-boot.ts';
import type { Log } from '../../shared/log.ts';
import type { Family } from '../../shared/metrics/families.ts';
import type { EventDefinition } from '../core/event.ts';
import type { Source } from '../core/source.ts';
import type { SourcesOptions } from '../core/sources.ts';
import { noCounts } from '../journal/counts.ts';
import { JournalText } from '../journal/journal-text.ts';
import type { Position } from '../journal/position.ts';
import type { Pack, PackSource } from '../packs/pack.ts';
import { choosePack } from './choose-pack.ts';
import { followJournals } from './follow-journals.ts';
import { followKmsg } from './kmsg.ts';
import { followText, type FollowedText } from './follow-text.ts';
import type { FollowedPart } from './followed-part.ts';
import { hostZone } from './host-zone.ts';
import { foldersOf } from './journal-folders.ts';
import { createLedger } from './ledger.ts';
import { logFamilies } from './log-families.ts';
import { createSaver, type Saver } from './saver.ts';
import { createScanning, type Scanning } from './scanning.ts';
import { loadState, saveState, type LogState } from './state-file.ts';
import { writtenUnixMs } from './written.ts';

export interface FollowNodeOptions extends SourcesOptions {
  /** `auto`, the name of a pack, or a path that begins with ./, ../ or /. */
  readonly pack: string;
  /** What stands before every path of the node; empty: nothing. */
  readonly root: string;
  readonly podNamespace: string;
  /** Of stamps that tell none; empty: that of the node. */
  readonly timeZone: string;
  /** The boot that is measured; undefined: all are. */
  readonly boot: CurrentBoot | undefined;
  /** Folder that a restart finds what was read in; empty: none. */
  readonly state: string;
  readonly log: Log;
}

/** The node's logs, as they are followed. */
export interface FollowedNode extends Source {
  /** Of what the pack looks for, and what was charted besides. */
  readonly definitions: () => readonly EventDefinition[];
  readonly families: () => readonly Family[];
  readonly problem: () => string | undefined;
}

const saveMs = 5000;

/** Follows the logs that the pack of the node's distribution names. Rejects with a ConfigError. */
export async function followNode(options: FollowNodeOptions): Promise<FollowedNode> {
  const { root, boot, state: folder, log, onChange, onOccurrence } = options;
  const pack = await choosePack({ pack: options.pack, root, otherwise: 'generic' });
  const zone = await hostZone(options.timeZone, root);
  const before = await stateOf(folder, boot);
  const ledger = createLedger({ before: before?.told, boot });
  const journal = noCounts();
  let position = before?.journal;
  const saver =
    folder === '' || boot === undefined
      ? undefined
      : createSaver({
          write: () =>
            saveState(statePath(folder), {
              bootId: boot.id,
              told: ledger.told(),
              journal: position,
            }),
          everyMs: saveMs,
          log,
        });
  const scanning = await createScanning({
    pack,
    podNamespace: options.podNamespace,
    zone,
    bootedAtUnixNs: boot?.startUnixNs,
    whole: false,
    ledger,
    onOccurrence: (occurrence) => {
      onOccurrence(occurrence);
      onChange();
    },
  });
  const parts = openParts(pack, {
    ...options,
    saver,
    scanning,
    journalStart: before?.journal,
    onJournal: (at) => {
      position = at;
      saver?.took('journal', () => undefined);
    },
    journal,
  });
  log.info({ pack: pack.name, sources: [...parts.keys()], zone: zone.name }, 'logs are followed');
  const ended = Promise.all([...parts.values()].map((part) => part.ended)).then(async () => {
    await saver?.close();
    await Promise.all([...parts.values()].map((part) => part.save()));
  });
  const texts = new Map(
    [...parts].filter((part): part is [string, FollowedText] => 'counts' in part[1]),
  );
  return {
    ended,
    definitions: scanning.definitions,
    problem: () => [...parts.values()].map((part) => part.problem()).find(Boolean),
    evidence: () => ({
      occurrences: ledger.occurrences(),
      activities: ledger.activities(),
      reports: [...parts.values()].map((part) => part.report()),
      facts: {},
    }),
    families: () =>
      logFamilies({
        ledger,
        scan: scanning.counts,
        follow: new Map([...texts].map(([name, { counts }]) => [name, counts])),
        journal,
      }),
  };
}

interface PartsOptions extends FollowNodeOptions {
  readonly saver: Saver | undefined;
  readonly scanning: Scanning;
  readonly journalStart: Position | undefined;
  readonly onJournal: (position: Position) => void;
  readonly journal: ReturnType<typeof noCounts>;
}

/** By the name of its source, what is followed of a pack. */
function openParts({ sources }: Pack, options: PartsOptions): ReadonlyMap<string, FollowedPart> {
  return new Map(
    sources.flatMap((source): [string, FollowedPart][] => {
      switch (source.kind) {
        case 'api':
          return [];
        case 'journal':
          return [[source.name, openJournal(source, options)]];
        case 'kmsg':
          return [[source.name, openKmsg(source, options)]];
        case 'messages':
        case 'cloud-init':
        case 'container':
          return [[source.name, openText(source, options)]];
      }
    }),
  );
}

function openText({ name, files }: PackSource, options: PartsOptions): FollowedText {
  const { root, state, saver, scanning, log, signal } = options;
  return followText({
    source: name,
    globs: files.map((file) => `${root}${file}`),
    checkpoints: saver === undefined ? undefined : checkpointsPath(state, name),
    onChunk: (chunk) => scanning.feed(chunk, name, writtenUnixMs(chunk.path)),
    onTook: (key, lasting) => saver?.took(key, lasting),
    log,
    signal,
  });
}

function openJournal({ files }: PackSource, options: PartsOptions): FollowedPart {
  const { root, boot, scanning, journalStart, onJournal, journal, log, signal } = options;
  const text = new JournalText('journal', 'journal');
  return followJournals({
    folders: foldersOf(files).map((folder) => `${root}${folder}`),
    start:
      journalStart !== undefined
        ? { kind: 'position', position: journalStart }
        : boot === undefined
          ? { kind: 'all' }
          : { kind: 'boot', bootId: boot.id },
    counts: journal,
    onEntries: (entries, position) => {
      scanning.feedJournal(entries, text);
      onJournal(position);
    },
    log,
    signal,
  });
}

function openKmsg({ name }: PackSource, options: PartsOptions): FollowedPart {
  const { root, scanning, signal } = options;
  let problem: string | undefined;
  const ended = followKmsg({
    path: `${root}/dev/kmsg`,
    signal,
    onChunk: (chunk) => scanning.feed(chunk, name, Date.now()),
    onProblem: (text) => (problem = text),
  });
  return {
    ended,
    report: () => (problem === undefined ? { source: name } : { source: name, problem }),
    // A container has none.
    problem: () => undefined,
    save: () => Promise.resolve(),
  };
}

/** Of this boot; how far logs were read is worth nothing without what was read of them. */
async function stateOf(
  folder: string,
  boot: CurrentBoot | undefined,
): Promise<LogState | undefined> {
  if (folder === '' || boot === undefined) return undefined;
  const state = await loadState(statePath(folder));
  if (state === undefined) await rm(join(folder, 'read'), { recursive: true, force: true });
  return state?.bootId === boot.id ? state : undefined;
}

function statePath(folder: string): string {
  return join(folder, 'told.json');
}

function checkpointsPath(folder: string, source: string): string {
  return join(folder, 'read', `${source.replaceAll(/[^A-Za-z0-9-]/g, '_')}.json`);
}
