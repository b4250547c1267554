import type { Log } from '../../shared/log.ts';
import { messageOf } from '../../shared/errors.ts';
import { type Book, saveLog } from './book.ts';
import { saveCheckpoints } from './checkpoint-file.ts';
import type { FollowCounts } from './counts.ts';
import type { FollowTimes } from './options.ts';

export interface Saver {
  /** Something is to be saved, some time from now. */
  readonly changed: () => void;
  /** Saves now what changed. */
  readonly save: () => Promise<void>;
  /** Saves only when it is told to from now on. */
  readonly stop: () => void;
}

export interface SaverOptions {
  /** Undefined: nothing is saved. */
  readonly path: string | undefined;
  readonly book: Book;
  readonly counts: FollowCounts;
  readonly log: Log;
  readonly times: FollowTimes;
  readonly wallMs: () => number;
}

export function createSaver(options: SaverOptions): Saver {
  const { path, book, counts, log, wallMs } = options;
  const { saveMs, forgetMs } = options.times;
  let timer: NodeJS.Timeout | undefined;
  let dirty = false;
  let failing = false;
  let stopped = false;
  let saving: Promise<void> = Promise.resolve();

  function changed(): void {
    dirty = true;
    if (path !== undefined && !stopped) timer ??= setTimeout(() => void save(), saveMs);
  }

  function save(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (path !== undefined) saving = saving.then(() => saveOnce(path));
    return saving;
  }

  async function saveOnce(file: string): Promise<void> {
    if (!dirty) return;
    dirty = false;
    book.forgetBefore(wallMs() - forgetMs);
    const logs = [...book.logs()].map(saveLog);
    try {
      await saveCheckpoints(file, { version: 1, next: book.next(), logs });
      counts.saves++;
      failing = false;
    } catch (caught) {
      counts.failedSaves++;
      if (!failing) log.error({ file, problem: messageOf(caught) }, 'checkpoints not saved');
      failing = true;
      changed();
    }
  }

  return {
    changed,
    save,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
