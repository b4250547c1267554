import { readdirSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, toError } from '../../../shared/errors.ts';
import { isMachineId, isUsers, parseJournalName, type JournalName } from '../file-name.ts';
import type { OnRefused } from './refusals.ts';

/** A journal file that there is now. */
export interface Listed extends JournalName {
  readonly path: string;
  readonly folder: string;
  /** What keeps being the same while it is renamed: its device, its inode, and when that was made, as inodes are used again. */
  readonly key: string;
}

export interface ListOptions {
  /** Folders, and files. */
  readonly paths: readonly string[];
  /** Whether the journals of users' sessions are wanted too. */
  readonly withUsers: boolean;
  /** Told of what is there, but cannot be looked at. */
  readonly onRefused: OnRefused;
}

/** The journals in folders and in those of machines below them, and those that are named themselves. What is not there is left out. */
export function listJournals({ paths, withUsers, onRefused }: ListOptions): Listed[] {
  const look = <T>(path: string, at: (path: string) => T): T | undefined => {
    try {
      return at(path);
    } catch (error) {
      const { code } = toError(error) as NodeJS.ErrnoException;
      if (code !== 'ENOENT') onRefused(path, messageOf(error));
      return undefined;
    }
  };
  const statOf = (path: string): Stats | undefined => look(path, (at) => statSync(at));
  const inFolder = (folder: string, withMachines: boolean): string[] =>
    (look(folder, (path) => readdirSync(path)) ?? []).toSorted().flatMap((name) => {
      const path = join(folder, name);
      if (parseJournalName(name) !== undefined) return [path];
      return withMachines && isMachineId(name) ? inFolder(path, false) : [];
    });

  const listed = new Map<string, Listed>();
  for (const path of paths.flatMap((given) =>
    statOf(given)?.isDirectory() === true ? inFolder(given, true) : [given],
  )) {
    const name = parseJournalName(basename(path));
    const stat = statOf(path);
    if (stat?.isFile() !== true) continue;
    if (name === undefined) {
      onRefused(path, 'its name is no journal’s: expected NAME.journal');
      continue;
    }
    if (isUsers(name) && !withUsers && !paths.includes(path)) continue;
    const key = `${stat.dev}:${stat.ino}:${stat.birthtimeMs}`;
    listed.set(key, { ...name, path, folder: dirname(path), key });
  }
  return [...listed.values()];
}
