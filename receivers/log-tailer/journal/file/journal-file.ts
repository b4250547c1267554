import type { JournalCounts } from '../counts.ts';
import type { Field } from '../entry.ts';
import type { Limits } from '../limits.ts';
import type { ByteSource } from './byte-source.ts';
import { dataLink } from './data.ts';
import { AllEntries, MatchedEntries } from './entry-offsets.ts';
import { FieldReader } from './field-reader.ts';
import { readEntry, type EntryHead, type FileEntry } from './file-entry.ts';
import { findData } from './find-data.ts';
import { headerBytes, parseHeader, type Header, type Refusal } from './header.ts';
import type { Arena } from './objects.ts';
import { defaultWindows, Windows, type WindowOptions } from './windows.ts';

export interface JournalFileOptions {
  readonly limits: Limits;
  readonly counts: JournalCounts;
  /** Such as `_SYSTEMD_UNIT=kubelet.service`: entries that have none of them are left out; all are read where there are none. */
  readonly fields?: readonly string[];
  readonly windows?: WindowOptions;
}

export type OpenedJournal =
  | { readonly kind: 'open'; readonly file: JournalFile }
  | { readonly kind: 'refused'; readonly reason: Refusal };

/** Opens a journal; what is damaged in it is counted, and left out. Throws where the source does. */
export function openJournal(source: ByteSource, options: JournalFileOptions): OpenedJournal {
  const windows = new Windows(source, options.windows ?? defaultWindows);
  const header = readHeader(windows);
  return typeof header === 'string'
    ? { kind: 'refused', reason: header }
    : { kind: 'open', file: new JournalFile(windows, header, options) };
}

function readHeader(windows: Windows): Header | Refusal {
  const bytes = Buffer.alloc(headerBytes);
  return parseHeader(bytes.subarray(0, windows.readPast(bytes, 0)));
}

/** A journal file that is read entry by entry, in the order in which they were written. */
export class JournalFile {
  #header: Header;
  readonly #windows: Windows;
  readonly #arena: Arena;
  readonly #limits: Limits;
  readonly #counts: JournalCounts;
  readonly #fields: FieldReader;
  readonly #all: AllEntries;
  readonly #matched: MatchedEntries | undefined;
  /** Entries lie behind one another: what lies before is none, or was read. */
  #from = 0;
  /** Entries before are not asked for. */
  #wantedFrom = 0;
  #next: FileEntry | undefined;

  constructor(
    windows: Windows,
    header: Header,
    { limits, counts, fields = [] }: JournalFileOptions,
  ) {
    this.#windows = windows;
    this.#header = header;
    this.#limits = limits;
    this.#counts = counts;
    const { objectsFrom, isCompact } = header;
    this.#arena = { windows, objectsFrom, objectsTo: this.#objectsTo(), isCompact };
    this.#fields = new FieldReader(this.#arena, limits, counts);
    const current = (): Header => this.#header;
    this.#all = new AllEntries(this.#arena, current);
    this.#matched =
      fields.length === 0 ? undefined : new MatchedEntries(this.#arena, current, fields);
  }

  get header(): Header {
    return this.#header;
  }

  /** Looks what came since; false where the file is another now, or none. */
  refresh(): boolean {
    const header = readHeader(this.#windows);
    if (typeof header === 'string' || header.fileId !== this.#header.fileId) return false;
    const { entries, state } = this.#header;
    // The fields of an entry learn of it after the header did.
    const isSame = header.entries === entries && header.state === state;
    if (isSame && this.#matched === undefined && this.#all.index === entries) return true;
    this.#windows.refresh();
    this.#header = header;
    this.#arena.objectsTo = this.#objectsTo();
    this.#matched?.findMissing();
    return true;
  }

  /** Gives up memory until it is read again. */
  release(): void {
    this.#windows.release();
    this.#fields.release();
  }

  /** As `release`, and counts a chain that ended before all entries were read. */
  close(): void {
    const offsets = this.#matched ?? this.#all;
    if (offsets.isBroken()) this.#counts.brokenChains += 1;
    this.release();
  }

  /** The entry that `take` gives next, without taking it; undefined where there is none yet. */
  peek(): FileEntry | undefined {
    const offsets = this.#matched ?? this.#all;
    while (this.#next === undefined) {
      const offset = offsets.peek();
      if (offset === undefined) return undefined;
      const isWanted = offset >= this.#wantedFrom;
      const head = isWanted && offset >= this.#from ? this.#readEntry(offset) : undefined;
      if (head !== undefined) {
        this.#from = head.end;
        this.#next = this.#entry(head);
      } else if (isWanted) {
        // A writer may yet be about to fill the last place.
        if (this.#header.state === 'online' && offsets.isAtLast()) return undefined;
        this.#counts.badEntries += 1;
      }
      offsets.skip();
    }
    return this.#next;
  }

  take(): FileEntry | undefined {
    const entry = this.peek();
    this.#next = undefined;
    return entry;
  }

  /** Goes to the first entry of which `isBefore` does not hold: it holds for all up to one, and none from there on. */
  seek(isBefore: (entry: EntryHead) => boolean): void {
    this.#all.index = this.#all.countBefore((offset) => {
      const head = this.#readEntry(offset);
      return head !== undefined && isBefore(head);
    });
    this.#wantedFrom = this.#all.peek() ?? this.#all.behindLast();
    this.#next = undefined;
  }

  /** Goes to the first entry that has the field; to behind the last where none has it. */
  seekField(field: string): void {
    const data = findData(this.#arena, this.#header, field);
    const first = data === undefined ? Infinity : dataLink(this.#arena, data, 'firstEntry');
    this.seek(({ offset }) => offset < first);
  }

  #entry(head: EntryHead): FileEntry {
    const { fileId, seqnumId } = this.#header;
    const fields = (names?: ReadonlySet<string>): readonly Field[] =>
      names === undefined ? this.#fields.all(head) : this.#fields.some(head, names);
    return { ...head, fileId, seqnumId, fields };
  }

  /** What a file lost at its end, or does not have yet, has no objects. */
  #objectsTo(): number {
    return Math.min(this.#header.objectsTo, this.#windows.size);
  }

  #readEntry(offset: number): EntryHead | undefined {
    return readEntry(this.#arena, offset, this.#limits.maxEntryFields);
  }
}
