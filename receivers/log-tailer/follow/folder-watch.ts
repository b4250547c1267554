import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename } from 'node:path';
import { createFloodGauge } from './flood.ts';

/** What a watch tells of the files in a directory; each may be told although nothing happened. */
export interface FolderEvents {
  /** A name came, went, or is another file now; its attributes may have changed. */
  readonly onName: (name: string) => void;
  /** What a file holds may have changed. */
  readonly onChange: (name: string) => void;
  /** Anything may have happened. */
  readonly onAnything: () => void;
  /** The directory may be another, or none. */
  readonly onSelf: () => void;
  /** Asks the open logs for their sizes: whether one grew; undefined where there are too many to ask. */
  readonly lookAtLogs: () => boolean | undefined;
  readonly onFlood: () => void;
  /** It cannot be watched; it is asked once in `pollMs` from now on. */
  readonly onUnwatchable: (error: NodeJS.ErrnoException) => void;
}

export interface FolderWatchOptions {
  readonly path: string;
  readonly events: FolderEvents;
  /** Undefined: it is watched, and only polled where that fails. */
  readonly mode: 'inotify' | 'polling';
  readonly pollMs: number;
}

export interface FolderWatch {
  readonly close: () => void;
}

const floodTickMs = 2;
/** So many ticks without news end a flood. */
const quietTicks = 10;
/** A directory's time is that of the last tick of the kernel's clock, so a change this long ago may have a successor with the same. */
const clockTickMs = 20;

/** Watches one directory, and in a flood asks it every 2 ms instead. */
export function watchFolder({ path, events, mode, pollMs }: FolderWatchOptions): FolderWatch {
  const gauge = createFloodGauge();
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function arm(): void {
    try {
      watcher = watch(path, onEvent);
    } catch (caught) {
      return unwatchable(caught as NodeJS.ErrnoException);
    }
    watcher.on('error', (error) => {
      disarm();
      if (!closed) unwatchable(error);
    });
  }

  function disarm(): void {
    watcher?.close();
    watcher = undefined;
  }

  function unwatchable(error: NodeJS.ErrnoException): void {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return events.onSelf();
    events.onUnwatchable(error);
    poll();
  }

  function poll(): void {
    if (!closed) timer = setInterval(events.onAnything, pollMs);
  }

  /** Asks for what a watch would tell; gives whether a log grew. */
  function createAsker(): () => boolean {
    let lastMs = 0;
    return () => {
      const timeMs = changeTimeMs(path);
      const news = timeMs !== lastMs || Date.now() - timeMs < clockTickMs;
      lastMs = timeMs;
      const grew = events.lookAtLogs();
      if (news || grew === undefined) events.onAnything();
      return grew ?? false;
    };
  }

  function onEvent(kind: string, name: string | null): void {
    if (name === null) return events.onAnything();
    if (kind === 'rename') {
      if (name === basename(path)) events.onSelf();
      events.onName(name);
    } else events.onChange(name);
    if (gauge.count(performance.now())) flood();
  }

  function flood(): void {
    if (closed || events.lookAtLogs() === undefined) return;
    disarm();
    events.onFlood();
    const ask = createAsker();
    let quiet = 0;
    timer = setInterval(() => {
      quiet = ask() ? 0 : quiet + 1;
      if (quiet > quietTicks) calm();
    }, floodTickMs);
  }

  function calm(): void {
    clearInterval(timer);
    timer = undefined;
    arm();
    events.onAnything();
  }

  if (mode === 'polling') poll();
  else arm();
  return {
    close: () => {
      closed = true;
      clearInterval(timer);
      disarm();
    },
  };
}

/** When a name last came or went; 0 where that cannot be said. Not by way of a thread: in a flood that costs more than all else. */
function changeTimeMs(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    // The directory is gone: the watch that is armed when the flood ends says so.
    return 0;
  }
}
