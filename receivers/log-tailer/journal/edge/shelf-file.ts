import { openJournal, type JournalFile, type JournalFileOptions } from '../file/journal-file.ts';
import type { Place } from '../position.ts';
import { openFile } from './file-source.ts';
import type { Listed } from './list-journals.ts';

/** A journal file that is held open. */
export interface ShelfFile extends Place {
  readonly key: string;
  readonly file: JournalFile;
  /** Nothing will be written to it any more: it was rotated, or is not there any more. */
  isOver: boolean;
  /** It was not there when files were listed last. */
  isMissed: boolean;
  /** Gives up file and memory. */
  close(): void;
}

/** Opens a listed file; says why where that cannot be. */
export function openShelfFile(listed: Listed, options: JournalFileOptions): ShelfFile | string {
  const { path, folder, key, kind, isRotated } = listed;
  const source = openFile(path);
  const opened = openJournal(source, options);
  if (opened.kind === 'refused') {
    source.close();
    return refusals[opened.reason];
  }
  const { file } = opened;
  const close = (): void => {
    file.close();
    source.close();
  };
  const stream = `${file.header.machineId}/${kind}`;
  return { key, file, stream, folder, isOver: isRotated, isMissed: false, close };
}

const refusals = {
  'too-short': 'it is shorter than a journal’s header',
  'no-journal': 'it is no journal',
  'unknown-kind': 'it is a journal of a kind that is not known: a newer systemd wrote it',
} as const;
