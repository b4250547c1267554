import { messageOf } from '../../../shared/errors.ts';
import type { JournalCounts } from '../counts.ts';
import type { FileEntry } from '../file/file-entry.ts';
import type { Limits } from '../limits.ts';
import { compareEntries } from '../order.ts';
import { Progress, type Position } from '../position.ts';
import { listJournals, type Listed } from './list-journals.ts';
import { Refusals, type OnRefused } from './refusals.ts';
import { openShelfFile, type ShelfFile } from './shelf-file.ts';

/** Where reading begins: with all there is, with what comes, with a boot and no other, or where it was left off. */
export type Start =
  | { readonly kind: 'all' }
  | { readonly kind: 'now' }
  | { readonly kind: 'boot'; readonly bootId: string }
  | { readonly kind: 'position'; readonly position: Position };

export interface ShelfOptions {
  /** Folders such as /var/log/journal, and files. */
  readonly paths: readonly string[];
  /** Whether the journals of users' sessions are read too. */
  readonly withUsers: boolean;
  readonly start: Start;
  /** Such as `_SYSTEMD_UNIT=kubelet.service`: entries that have none of them are left out; none is where there are none. */
  readonly fields: readonly string[];
  readonly limits: Limits;
  readonly counts: JournalCounts;
  /** Told of each path that cannot be read, once for each reason. */
  readonly onRefused: OnRefused;
}

export interface Taken {
  readonly entries: readonly FileEntry[];
  /** Whether nothing is left to be taken for now. */
  readonly isDrained: boolean;
}

interface Next {
  readonly file: ShelfFile;
  readonly entry: FileEntry;
}

/** Journal files that are open, and how far they were read. */
export class Shelf {
  readonly #options: ShelfOptions;
  readonly #progress: Progress;
  #open: ShelfFile[] = [];
  /** Files that were read to their end are not opened again: their rows of numbers. */
  readonly #done = new Map<string, string>();
  readonly #refusals: Refusals;
  #isFirstListing = true;

  constructor(options: ShelfOptions) {
    this.#options = options;
    const { start, counts, onRefused } = options;
    this.#refusals = new Refusals((path, reason) => {
      counts.refusedFiles += 1;
      onRefused(path, reason);
    });
    this.#progress = new Progress(start.kind === 'position' ? start.position : { marks: [] });
  }

  position(): Position {
    return this.#progress.position();
  }

  /** Opens files that are new, and notes which are gone. Tells of what cannot be read for so long. */
  list(refusedMs: number): void {
    const { paths, withUsers } = this.#options;
    this.#refusals.begin();
    const onRefused: OnRefused = (path, reason) => this.#refusals.add(path, reason);
    const listed = listJournals({ paths, withUsers, onRefused });
    const now = new Map(listed.map((file) => [file.key, file]));
    for (const file of this.#open) noteListed(file, now.get(file.key));
    for (const key of this.#done.keys()) if (!now.has(key)) this.#done.delete(key);

    const known = new Set([...this.#done.keys(), ...this.#open.map(({ key }) => key)]);
    for (const file of listed) if (!known.has(file.key)) this.#openFile(file);
    this.#refusals.tell(refusedMs);
    this.#forget();
    if (this.#isFirstListing) this.#begin();
    this.#isFirstListing = false;
  }

  /** Looks what came since, and closes what is over; says whether it is time to list anew. */
  refresh(): boolean {
    const before = this.#open.length;
    this.#open = this.#open.filter((file) => {
      const isSame = file.file.refresh();
      if (isSame && (!isOver(file) || file.file.peek() !== undefined)) return true;
      if (isSame) this.#done.set(file.key, file.file.header.seqnumId);
      file.close();
      return false;
    });
    return this.#open.length !== before;
  }

  /** Looks at so many entries, in the order of them all. They are good until files are refreshed. */
  take(most: number): Taken {
    const entries: FileEntry[] = [];
    const used = new Set<ShelfFile>();
    for (let i = 0; i < most; i++) {
      const [first, ...same] = this.#first();
      if (first === undefined) return { entries, isDrained: true };
      used.add(first.file);
      const isNew = this.#progress.isNew(first.entry, first.file);
      for (const { file } of [first, ...same]) file.file.take();
      if (!isNew) continue;
      for (const { entry, file } of [...same, first]) this.#progress.advance(entry, file);
      if (this.#isWanted(first.entry)) entries.push(first.entry);
    }
    for (const file of this.#open) if (!used.has(file)) file.file.release();
    return { entries, isDrained: false };
  }

  close(): void {
    for (const file of this.#open.splice(0)) file.close();
  }

  /** The entry that comes first, and the same one where it stands in other files too. */
  #first(): Next[] {
    let first: Next[] = [];
    for (const file of this.#open) {
      const entry = file.file.peek();
      if (entry === undefined) continue;
      const order = first[0] === undefined ? -1 : compareEntries(entry, first[0].entry);
      if (order === 0) first.push({ file, entry });
      if (order < 0) first = [{ file, entry }];
    }
    return first;
  }

  #isWanted({ bootId }: FileEntry): boolean {
    const { start } = this.#options;
    return start.kind !== 'boot' || bootId === start.bootId;
  }

  #openFile(listed: Listed): void {
    const { limits, counts, fields, start } = this.#options;
    let opened: ShelfFile | string;
    try {
      opened = openShelfFile(listed, { limits, counts, fields });
    } catch (error) {
      opened = messageOf(error);
    }
    if (typeof opened === 'string') {
      this.#refusals.add(listed.path, opened);
      return;
    }
    this.#open.push(opened);
    const { file, stream } = opened;
    const mark = this.#progress.markOf(stream, file.header.seqnumId);
    if (mark !== undefined) file.seek(({ seqnum }) => seqnum <= mark.seqnum);
    else if (start.kind === 'boot') file.seekField(`_BOOT_ID=${start.bootId}`);
  }

  /** What is there at first is passed over where only what comes is wanted; what was deleted since a position is counted. */
  #begin(): void {
    const { start, fields, counts } = this.#options;
    if (start.kind === 'now')
      for (const place of this.#open) {
        const { tailSeqnum } = place.file.header;
        place.file.seek(({ seqnum }) => seqnum < tailSeqnum);
        for (let last = place.file.take(); last !== undefined; last = place.file.take())
          this.#progress.advance(last, place);
      }
    if (start.kind === 'position' && fields.length === 0)
      counts.missedAtMost += this.#missed(start.position);
  }

  #missed({ marks }: Position): number {
    let missed = 0;
    for (const { stream, seqnumId, seqnum, fileId } of marks) {
      const row = this.#open.filter(
        ({ stream: other, file }) => other === stream && file.header.seqnumId === seqnumId,
      );
      if (row.length === 0 || row.some(({ file }) => file.header.fileId === fileId)) continue;
      const next = row.map(({ file }) => file.peek()?.seqnum ?? Infinity);
      const least = Math.min(...next);
      if (least < Infinity) missed += least - seqnum - 1;
    }
    return missed;
  }

  #forget(): void {
    const open = this.#open.map(({ file }) => file.header.seqnumId);
    this.#progress.keepOnly(new Set([...open, ...this.#done.values()]));
  }
}

const isOver = ({ isOver: over, file }: ShelfFile): boolean =>
  over || file.header.state === 'archived';

/** A file that is not listed any more may yet be written to for a moment: it is over when it is missed twice. */
function noteListed(file: ShelfFile, listed: Listed | undefined): void {
  if (listed === undefined) {
    file.isOver = file.isMissed;
    file.isMissed = true;
  } else file.isOver = listed.isRotated;
}
