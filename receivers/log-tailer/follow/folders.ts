import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FollowCounts } from './counts.ts';
import { type FolderWatch, watchFolder } from './folder-watch.ts';
import { type Glob, matchFile } from './glob.ts';
import { isFolder } from './is-folder.ts';

export interface FoldersOptions {
  readonly mode: 'inotify' | 'polling';
  readonly pollMs: number;
  readonly counts: FollowCounts;
  /** A path of the globs came or went, or is another file; `content`: no more than what it holds changed. */
  readonly onPath: (path: string, what: 'name' | 'content') => void;
  /** All names of the globs that a directory has now. */
  readonly onListed: (folder: string, paths: readonly string[]) => Promise<void>;
  readonly onGone: (folder: string) => void;
  readonly onUnreadable: (folder: string, error: NodeJS.ErrnoException) => void;
  readonly onUnwatchable: (folder: string, error: NodeJS.ErrnoException) => void;
  /** Asks what is followed in a directory, and what the links lead to, for its size: whether something grew; undefined: too much to ask. */
  readonly lookAt: (folder: string, links: Iterable<ReadonlySet<string>>) => boolean | undefined;
}

/** The directories that are watched: those that hold files of the globs, and those that links from there lead to. */
export interface Folders {
  /** It holds files of this glob. */
  readonly add: (folder: string, glob: Glob) => Promise<void>;
  /** It is gone. */
  readonly remove: (folder: string) => void;
  /** Watches what a path of the globs leads to. */
  readonly link: (path: string, target: string) => void;
  readonly unlink: (path: string) => void;
  /** Lists it, unless that is under way: then once more after that. */
  readonly list: (folder: string) => Promise<void>;
  readonly paths: () => Iterable<string>;
  readonly closeAll: () => void;
}

interface Folder {
  readonly globs: Set<Glob>;
  /** Names in it that links lead to, with the paths of these. */
  readonly targets: Map<string, Set<string>>;
  /** Whether a name is of one of the globs; bounded. */
  readonly ours: Map<string, boolean>;
  watch: FolderWatch | undefined;
  listing: Promise<void> | undefined;
  listAgain: boolean;
  polled: boolean;
}

const maxOurs = 4096;

export function createFolders(options: FoldersOptions): Folders {
  const { mode, pollMs, counts, onPath } = options;
  const folders = new Map<string, Folder>();
  const links = new Map<string, string>();

  function open(path: string): Folder {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const folder: Folder = {
      globs: new Set(),
      targets: new Map(),
      ours: new Map(),
      watch: undefined,
      listing: undefined,
      listAgain: false,
      polled: mode === 'polling',
    };
    folders.set(path, folder);
    arm(path, folder);
    return folder;
  }

  function arm(path: string, folder: Folder): void {
    folder.watch = watchFolder({
      path,
      mode,
      pollMs,
      events: {
        onName: (name) => tell(path, folder, name, 'name'),
        onChange: (name) => tell(path, folder, name, 'content'),
        onAnything: () => void list(path),
        onSelf: () => void selfChanged(path, folder),
        lookAtLogs: () => options.lookAt(path, folder.targets.values()),
        onFlood: () => void counts.floods++,
        onUnwatchable: (error) => {
          if (!folder.polled) counts.foldersPolled++;
          folder.polled = true;
          options.onUnwatchable(path, error);
        },
      },
    });
  }

  async function selfChanged(path: string, folder: Folder): Promise<void> {
    const there = await isFolder(path);
    if (folders.get(path) !== folder) return;
    if (!there) {
      close(path, folder);
      return options.onGone(path);
    }
    folder.watch?.close();
    arm(path, folder);
    await list(path);
  }

  function close(path: string, folder: Folder): void {
    folder.watch?.close();
    if (folder.polled && mode === 'inotify') counts.foldersPolled--;
    folders.delete(path);
  }

  function tell(path: string, folder: Folder, name: string, what: 'name' | 'content'): void {
    for (const link of folder.targets.get(name) ?? []) onPath(link, what);
    if (folder.globs.size > 0 && isOurs(folder, name)) onPath(join(path, name), what);
  }

  function isOurs({ ours, globs }: Folder, name: string): boolean {
    const known = ours.get(name);
    if (known !== undefined) return known;
    if (ours.size === maxOurs) ours.clear();
    const matches = [...globs].some((glob) => matchFile(glob, name));
    ours.set(name, matches);
    return matches;
  }

  function list(path: string): Promise<void> {
    const folder = folders.get(path);
    if (folder === undefined) return Promise.resolve();
    if (folder.listing !== undefined) {
      folder.listAgain = true;
      return folder.listing;
    }
    return (folder.listing = listUntilDone(path, folder));
  }

  async function listUntilDone(path: string, folder: Folder): Promise<void> {
    do {
      folder.listAgain = false;
      await listOnce(path, folder);
    } while (folder.listAgain && folders.get(path) === folder);
    folder.listing = undefined;
  }

  async function listOnce(path: string, folder: Folder): Promise<void> {
    for (const paths of folder.targets.values()) for (const link of paths) onPath(link, 'name');
    if (folder.globs.size === 0) return;
    try {
      const names = await readdir(path);
      if (folders.get(path) !== folder) return;
      const ours = names.filter((name) => isOurs(folder, name));
      await options.onListed(
        path,
        ours.map((name) => join(path, name)),
      );
    } catch (caught) {
      const error = caught as NodeJS.ErrnoException;
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') void selfChanged(path, folder);
      else options.onUnreadable(path, error);
    }
  }

  function unlink(path: string): void {
    const target = links.get(path);
    if (target === undefined) return;
    links.delete(path);
    const folder = folders.get(dirname(target));
    const paths = folder?.targets.get(basename(target));
    paths?.delete(path);
    if (paths?.size === 0) folder?.targets.delete(basename(target));
    if (folder?.targets.size === 0 && folder.globs.size === 0) close(dirname(target), folder);
  }

  return {
    add: async (path, glob) => {
      const folder = open(path);
      if (folder.globs.has(glob)) return;
      folder.globs.add(glob);
      folder.ours.clear();
      await list(path);
    },
    remove: (path) => {
      const folder = folders.get(path);
      if (folder !== undefined) close(path, folder);
    },
    link: (path, target) => {
      if (links.get(path) === target) return;
      unlink(path);
      links.set(path, target);
      const { targets } = open(dirname(target));
      const paths = targets.get(basename(target)) ?? new Set();
      targets.set(basename(target), paths.add(path));
    },
    unlink,
    list,
    paths: () => folders.keys(),
    closeAll: () => {
      for (const [path, folder] of folders) close(path, folder);
    },
  };
}
