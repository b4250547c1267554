import { type ChokidarOptions, type FSWatcher, watch } from 'chokidar';
import { type Glob, depthOf, matchFolder } from './glob.ts';
import { isFolder } from './is-folder.ts';

export interface TreeEvents {
  /** A directory that holds files of the glob is there; may be told again. */
  readonly onFolder: (path: string) => void;
  /** It is gone. */
  readonly onFolderGone: (path: string) => void;
  /** What there was is told. */
  readonly onReady: () => void;
  /** Directories cannot be watched; they are looked at once in `pollMs` from now on. */
  readonly onUnwatchable: (error: NodeJS.ErrnoException) => void;
  /** A directory cannot be read. */
  readonly onUnreadable: (error: NodeJS.ErrnoException) => void;
}

export interface TreeOptions {
  readonly glob: Glob;
  readonly events: TreeEvents;
  readonly mode: 'inotify' | 'polling';
  readonly pollMs: number;
}

/** The directories of one glob. */
export interface Tree {
  /** Its root may be gone, or another. */
  readonly checkRoot: () => void;
  readonly close: () => Promise<void>;
}

/** Tells which directories hold files of a glob, now and as they come and go. */
export function watchTree({ glob, events, mode, pollMs }: TreeOptions): Tree {
  let polling = mode === 'polling';
  let current: FSWatcher | undefined;
  let closed = false;
  let begins = 0;
  let waiting: NodeJS.Timeout | undefined;
  /** Closing takes a while; nothing of a watcher that was replaced counts. */
  const closing = new Set<Promise<void>>();

  function open(watcher: FSWatcher): FSWatcher {
    retire();
    current = watcher.on('error', (caught) => failed(watcher, caught as NodeJS.ErrnoException));
    return watcher;
  }

  function retire(): void {
    if (current === undefined) return;
    const done = current.close().catch(() => undefined);
    current = undefined;
    closing.add(done);
    void done.finally(() => closing.delete(done));
  }

  function failed(watcher: FSWatcher, error: NodeJS.ErrnoException): void {
    if (watcher !== current) return;
    if (polling || !watchesShort.has(error.code ?? '')) return events.onUnreadable(error);
    events.onUnwatchable(error);
    polling = true;
    void begin();
  }

  async function begin(): Promise<void> {
    retire();
    clearTimeout(waiting);
    const begun = ++begins;
    const there = await isFolder(glob.root);
    if (closed || begun !== begins) return;
    if (there) found();
    else wait();
  }

  /** chokidar would watch a directory above it, and look at each file there that is written to. */
  function wait(): void {
    events.onReady();
    waiting = setTimeout(() => void begin(), waitMs);
  }

  function found(): void {
    if (matchFolder(glob, glob.root).holds) events.onFolder(glob.root);
    if (glob.folders.length === 0) {
      retire();
      events.onReady();
      return;
    }
    const levels = depthOf(glob);
    const tree = open(watch(glob.root, optionsOf(levels === undefined ? undefined : levels - 1)));
    tree.on('addDir', (path) => {
      if (tree === current && matchFolder(glob, path).holds) events.onFolder(path);
    });
    tree.on('unlinkDir', (path) => {
      if (tree !== current) return;
      events.onFolderGone(path);
      if (path === glob.root) void begin();
    });
    tree.on('ready', () => {
      if (tree === current) events.onReady();
    });
  }

  function optionsOf(depth: number | undefined): ChokidarOptions {
    return {
      atomic: false,
      ...(depth !== undefined && { depth }),
      ...(polling && { backend: 'polling' as const, pollingInterval: pollMs }),
      ignored: (path, stats) => stats?.isFile() === true || leadsAside(glob, path),
    };
  }

  void begin();
  return {
    checkRoot: () => {
      // Elsewhere a watcher of its own tells.
      if (glob.folders.length > 0 || current !== undefined || closed) return;
      const begun = begins;
      void isFolder(glob.root).then((there) => {
        if (there || closed || begun !== begins) return;
        events.onFolderGone(glob.root);
        void begin();
      });
    },
    close: async () => {
      closed = true;
      clearTimeout(waiting);
      retire();
      await Promise.all(closing);
    },
  };
}

/** A root that does not exist is asked for so often. */
const waitMs = 250;
/** No more watches, or no more files, may be had. */
const watchesShort = new Set(['ENOSPC', 'EMFILE']);

/** Below the root, and neither holding files of the glob nor on the way to them. */
function leadsAside(glob: Glob, path: string): boolean {
  if (!path.startsWith(glob.root === '/' ? '/' : `${glob.root}/`) || path === glob.root)
    return false;
  const { holds, leads } = matchFolder(glob, path);
  return !holds && !leads;
}
