import { basename, dirname } from 'node:path';
import type { FollowCounts } from './counts.ts';
import type { Engine } from './engine.ts';
import { createFolders } from './folders.ts';
import { type Glob, matchFile, matchFolder } from './glob.ts';
import type { Names } from './names.ts';
import type { FollowTimes } from './options.ts';
import { parseRotatedName } from './rotated-name.ts';
import type { SayOnce } from './say-once.ts';
import { createSweep } from './sweep.ts';
import { type Tree, watchTree } from './tree.ts';

export interface WatchingOptions {
  readonly globs: readonly Glob[];
  readonly mode: 'inotify' | 'polling';
  readonly times: FollowTimes;
  readonly counts: FollowCounts;
  readonly say: SayOnce;
  readonly engine: Engine;
}

/** Brings what happens in directories to the engine. */
export interface Watching {
  /** Resolves when all that was there is known. */
  readonly begin: () => Promise<void>;
  /** Globs that no file matches now. */
  readonly unmatched: () => Glob[];
  readonly link: (path: string, target: string | undefined) => void;
  readonly close: () => Promise<void>;
}

const tickMs = 250;
/** After a pause of the process for so long, inotify may have lost events. */
const stallMs = 200;

export function createWatching(options: WatchingOptions): Watching {
  const { globs, mode, times, counts, say, engine } = options;
  const { names, wake } = engine;
  const sweep = createSweep({ names, wake });
  /** Paths that were told before it began. */
  let found: Set<string> | undefined = new Set();
  const trees: Tree[] = [];
  const listings = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const folders = createFolders({
    mode,
    pollMs: times.pollMs,
    counts,
    onPath: (path, what) => {
      const named = names.get(path);
      if (named?.kind === 'log') wake(named.log);
      if (what === 'name' || named?.kind !== 'log') look(path);
    },
    onListed: async (folder, paths) => {
      if (found === undefined) return sweep.listed(folder, paths);
      for (const path of paths) found.add(path);
    },
    onGone: (folder) => {
      for (const path of names.within(folder)) look(path);
      for (const tree of trees) tree.checkRoot();
    },
    onUnreadable: (folder, { message }) => {
      counts.unreadable++;
      say(
        `folder ${folder}`,
        { folder, problem: message },
        'directory cannot be read; tried again',
      );
    },
    onUnwatchable: (folder, error) => sayUnwatchable(folder, error),
    lookAt: sweep.lookAt,
  });

  function look(path: string): void {
    if (found === undefined) void names.examine(path);
    else found.add(path);
  }

  function sayUnwatchable(path: string, { code, message }: NodeJS.ErrnoException): void {
    const raise =
      code === 'ENOSPC' ? 'fs.inotify.max_user_watches' : 'fs.inotify.max_user_instances';
    say(
      'watches',
      { path, problem: message, raise, everyMs: times.pollMs },
      'directories cannot be watched; they are asked at intervals instead',
    );
  }

  function watchOne(glob: Glob): Promise<void> {
    return new Promise((resolve) => {
      const tree = watchTree({
        glob,
        mode,
        pollMs: times.pollMs,
        events: {
          onFolder: (folder) => {
            if (closed) return;
            const listing = folders.add(folder, glob);
            listings.add(listing);
            void listing.finally(() => listings.delete(listing));
          },
          onFolderGone: (folder) => {
            folders.remove(folder);
            for (const path of names.within(folder)) look(path);
          },
          onReady: resolve,
          onUnwatchable: (error) => sayUnwatchable(glob.root, error),
          onUnreadable: ({ message }) => {
            counts.unreadable++;
            say(
              `tree ${message}`,
              { glob: glob.text, problem: message },
              'directory cannot be read',
            );
          },
        },
      });
      trees.push(tree);
    });
  }

  function startTicking(): void {
    if (closed) return;
    let lastMs = performance.now();
    let sweptMs = lastMs;
    let left: string[] = [];
    timer = setInterval(() => {
      const nowMs = performance.now();
      const stalled = nowMs - lastMs > tickMs + stallMs;
      if (stalled || nowMs - sweptMs > times.sweepMs) {
        left = [...folders.paths()];
        sweptMs = nowMs;
      }
      lastMs = nowMs;
      const share = stalled ? left.length : Math.ceil((left.length * tickMs) / (times.sweepMs / 2));
      for (const folder of left.splice(0, share)) void folders.list(folder);
      engine.tick();
    }, tickMs);
  }

  return {
    begin: async () => {
      await Promise.all(globs.map(watchOne));
      while (listings.size > 0) await Promise.all(listings);
      const paths = found ?? new Set();
      found = new Set();
      for (const kind of ['plain', 'rotated', 'compressed'] as const)
        await Promise.all([...paths].filter((path) => kindOf(path) === kind).map(names.examine));
      const later = found;
      found = undefined;
      await Promise.all([...later].map(names.examine));
      startTicking();
    },
    unmatched: () => globs.filter((glob) => !isMatched(glob, names)),
    link: (path, target) => {
      if (target === undefined) folders.unlink(path);
      else folders.link(path, target);
    },
    close: async () => {
      closed = true;
      clearInterval(timer);
      folders.closeAll();
      await Promise.all(trees.map((tree) => tree.close()));
    },
  };
}

/** Copies are told from what they are copies of, so the plain names are looked at first. */
function kindOf(path: string): 'plain' | 'rotated' | 'compressed' {
  const { gzip, rotated } = parseRotatedName(basename(path));
  return gzip ? 'compressed' : rotated ? 'rotated' : 'plain';
}

function isMatched(glob: Glob, names: Names): boolean {
  for (const [path] of names.entries())
    if (matchFolder(glob, dirname(path)).holds && matchFile(glob, basename(path))) return true;
  return false;
}
