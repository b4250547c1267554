import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { watch } from 'chokidar';
import { isMachineId, parseJournalName } from '../file-name.ts';

export interface WatchedNames {
  /** Whether files or folders came or went since this was asked last. */
  takeNamesChanged(): boolean;
  /** Resolves on the next change of names or of a file, after `withinMs` at the latest, and when the signal is given. */
  changed(withinMs: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Watches folders of journals. It may miss changes, as of a folder that is not there yet: who asks is to look now and then. */
export function watchNames(paths: readonly string[]): WatchedNames {
  let areNamesChanged = false;
  let wake = (): void => {};
  /** For these chokidar would watch the folders above, and look at each file there that is written to. */
  const missing = new Set(paths.filter((path) => !existsSync(path)));
  const there = paths.filter((path) => !missing.has(path));
  const watcher = watch(there, {
    depth: 1,
    ignoreInitial: true,
    ignored: (path, stats) => isIgnored(paths, path, stats?.isFile()),
  });
  watcher.on('all', (event, path) => {
    if (event === 'unlinkDir' && paths.includes(path)) {
      watcher.unwatch(path);
      missing.add(path);
    }
    if (event !== 'change') areNamesChanged = true;
    wake();
  });

  function watchThoseThatCame(): void {
    for (const path of missing) {
      if (!existsSync(path)) continue;
      missing.delete(path);
      watcher.add(path);
      areNamesChanged = true;
    }
  }

  // As of too many watches: who asks looks now and then in any case.
  watcher.on('error', () => {});
  return {
    takeNamesChanged() {
      watchThoseThatCame();
      const were = areNamesChanged;
      areNamesChanged = false;
      return were;
    },
    changed: (withinMs, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          wake = () => {};
          resolve();
        };
        const timer = setTimeout(done, withinMs);
        signal.addEventListener('abort', done);
        wake = done;
        if (areNamesChanged || signal.aborted) done();
      }),
    close: () => watcher.close(),
  };
}

/** Files that are no journals, or not written to any more; folders that are no machine's. */
function isIgnored(paths: readonly string[], path: string, isFile: boolean | undefined): boolean {
  if (paths.includes(path) || isFile === undefined) return false;
  const name = basename(path);
  return isFile ? parseJournalName(name)?.isRotated !== false : !isMachineId(name);
}
