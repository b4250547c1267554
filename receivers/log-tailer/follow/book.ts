import type { SavedLog } from './checkpoint-format.ts';
import type { FollowCounts } from './counts.ts';
import { type NewLog, type TailedLog, newLog } from './log.ts';
import { plainPath } from './rotated-name.ts';

/** All logs that are known: those that are followed, and those that are gone and may come back as copies. */
export interface Book {
  readonly logs: () => Iterable<TailedLog>;
  readonly byId: (id: string) => TailedLog | undefined;
  /** The log that a file holds. */
  readonly byFile: (file: string) => TailedLog | undefined;
  /** Logs of the same directory and plain name, the newest first. */
  readonly family: (path: string) => readonly TailedLog[];
  /** Undefined: there are too many, and none of them is gone. */
  readonly add: (log: Omit<NewLog, 'id'>) => TailedLog | undefined;
  readonly name: (log: TailedLog, path: string) => void;
  /** Another file holds the log now. */
  readonly move: (log: TailedLog, file: string) => void;
  /** No file holds the log any more. */
  readonly lose: (log: TailedLog, wallMs: number) => void;
  /** Forgets logs that are gone since before then. */
  readonly forgetBefore: (wallMs: number) => void;
  /** The number of the next log. */
  readonly next: () => number;
}

export interface BookOptions {
  readonly saved: readonly SavedLog[];
  readonly next: number;
  readonly maxLogs: number;
  readonly counts: FollowCounts;
}

export function createBook({ saved, next, maxLogs, counts }: BookOptions): Book {
  const logs = new Map<string, TailedLog>();
  const files = new Map<string, TailedLog>();
  const families = new Map<string, Set<TailedLog>>();
  let number = next;

  function join(log: TailedLog): void {
    const key = plainPath(log.lastName);
    const members = families.get(key) ?? new Set();
    members.add(log);
    families.set(key, members);
  }

  function leave(log: TailedLog): void {
    const key = plainPath(log.lastName);
    const members = families.get(key);
    members?.delete(log);
    if (members?.size === 0) families.delete(key);
  }

  function put(log: TailedLog): void {
    logs.set(log.id, log);
    files.set(log.file, log);
    join(log);
    counts.logsKnown = logs.size;
  }

  function forget(log: TailedLog): void {
    logs.delete(log.id);
    if (files.get(log.file) === log) files.delete(log.file);
    leave(log);
    counts.logsKnown = logs.size;
  }

  function longestGone(): TailedLog | undefined {
    let found: TailedLog | undefined;
    for (const log of logs.values())
      if ((log.goneSinceMs ?? Infinity) < (found?.goneSinceMs ?? Infinity)) found = log;
    return found;
  }

  for (const log of saved) put(restore(log));

  return {
    logs: () => logs.values(),
    byId: (id) => logs.get(id),
    byFile: (file) => files.get(file),
    family: (path) => [...(families.get(plainPath(path)) ?? [])].toReversed(),
    add: (parts) => {
      if (logs.size >= maxLogs) {
        const oldest = longestGone();
        if (oldest === undefined) return undefined;
        forget(oldest);
      }
      const log = newLog({ ...parts, id: String(number++) });
      put(log);
      return log;
    },
    name: (log, path) => {
      log.names.add(path);
      if (log.lastName === path) return;
      leave(log);
      log.lastName = path;
      join(log);
    },
    move: (log, file) => {
      if (files.get(log.file) === log) files.delete(log.file);
      log.file = file;
      log.goneSinceMs = undefined;
      files.set(file, log);
    },
    lose: (log, wallMs) => {
      log.goneSinceMs ??= wallMs;
      // Of a log that had nothing there can be no copy.
      if (log.head.bytes === 0) forget(log);
      else if (files.get(log.file) === log) files.delete(log.file);
    },
    forgetBefore: (wallMs) => {
      for (const log of logs.values()) if ((log.goneSinceMs ?? Infinity) < wallMs) forget(log);
    },
    next: () => number,
  };
}

function restore(saved: SavedLog): TailedLog {
  const { id, path, file, head, offset, anchor, length, goneSinceMs } = saved;
  const log = newLog({ id, path, file, head, from: { offset, anchor }, gzip: false, nowMs: 0 });
  return Object.assign(log, { length, goneSinceMs });
}

/** As it is kept for the next start. */
export function saveLog(log: TailedLog): SavedLog {
  const { id, lastName, file, acknowledged, head, length, goneSinceMs } = log;
  return {
    id,
    path: lastName,
    file,
    offset: acknowledged.offset,
    anchor: acknowledged.anchor,
    head,
    ...(length !== undefined && { length }),
    ...(goneSinceMs !== undefined && { goneSinceMs }),
  };
}
