import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileEntry } from '../file/file-entry.ts';
import type { Position } from '../position.ts';
import { Shelf, type ShelfOptions } from './shelf.ts';
import { watchNames } from './watch-names.ts';

/** Entries that are good until the next batch is asked for. */
export interface JournalBatch {
  readonly entries: readonly FileEntry[];
  /** Behind these entries: to be kept once they were dealt with, and gone on from. */
  readonly position: Position;
}

export interface FollowOptions extends ShelfOptions {
  readonly signal: AbortSignal;
  /** How often files are asked whether they grew: journald itself tells of it as much as 250 ms late. */
  readonly growthPollMs: number;
  /** How often names are listed though nothing told of a change. */
  readonly namesPollMs: number;
}

/** Few, so that what is read of them does not outlive its use. */
const batchEntries = 256;
/** A file that is made has no header for a moment. */
const settledMs = 1000;

/** The entries of a journal as it is now, in their order, rotated files included. */
export async function* readJournal(options: ShelfOptions): AsyncGenerator<JournalBatch> {
  const shelf = new Shelf(options);
  try {
    shelf.list(0);
    yield* drain(shelf);
  } finally {
    shelf.close();
  }
}

/** The entries of a journal, and those that come, until the signal. */
export async function* followJournal(options: FollowOptions): AsyncGenerator<JournalBatch> {
  const { paths, signal, growthPollMs, namesPollMs } = options;
  const shelf = new Shelf(options);
  const watched = watchNames(paths);
  let listedMs = -Infinity;
  try {
    while (!signal.aborted) {
      const isOneOver = shelf.refresh();
      const isDue = performance.now() - listedMs >= namesPollMs;
      if (watched.takeNamesChanged() || isOneOver || isDue) {
        shelf.list(settledMs);
        listedMs = performance.now();
      }
      yield* drain(shelf, signal);
      await watched.changed(growthPollMs, signal);
    }
  } finally {
    shelf.close();
    await watched.close();
  }
}

async function* drain(shelf: Shelf, signal?: AbortSignal): AsyncGenerator<JournalBatch> {
  for (;;) {
    const { entries, isDrained } = shelf.take(batchEntries);
    if (entries.length > 0) yield { entries, position: shelf.position() };
    if (isDrained || signal?.aborted === true) return;
    await nextTurn();
  }
}
