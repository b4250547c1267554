import type { JournalCounts } from '../counts.ts';
import type { JournalEntry } from '../entry.ts';
import { endOfName, longestName } from '../field-name.ts';
import type { Limits } from '../limits.ts';
import { EntryBuilder } from './entry-builder.ts';
import { Pending } from './pending.ts';

const equalsSign = 61;
const newline = 10;
const sizeBytes = 8;
/** systemd takes none that are longer: what says it is one is damaged. */
const longestValue = 768 * 1024 * 1024;

/** What is expected next: a line, the size of a binary value, the value, its newline, or the end of something that is left out. */
type Expected =
  | { readonly kind: 'line' }
  | { readonly kind: 'size'; readonly name: string }
  | { readonly kind: 'value'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'newline' }
  | { readonly kind: 'left-out'; bytes: number }
  | { readonly kind: 'left-out-line' };

const line: Expected = { kind: 'line' };

/** Reads the journal export format piece by piece. https://systemd.io/JOURNAL_EXPORT_FORMATS/ */
export class ExportParser {
  readonly #limits: Limits;
  readonly #counts: JournalCounts;
  readonly #pending = new Pending();
  readonly #builder: EntryBuilder;
  #expected: Expected = line;

  constructor(limits: Limits, counts: JournalCounts) {
    this.#limits = limits;
    this.#counts = counts;
    this.#builder = new EntryBuilder(limits, counts);
  }

  /** The entries that end in these bytes, which are to stay as they are: entries are made of them. */
  push(bytes: Buffer): JournalEntry[] {
    this.#pending.add(bytes);
    const entries: JournalEntry[] = [];
    while (this.#step(entries));
    return entries;
  }

  /** What the last entry was, where no empty line came after it. */
  end(): JournalEntry[] {
    if (this.#expected.kind !== 'line' || this.#pending.length > 0) this.#counts.badFields += 1;
    const entry = this.#builder.finish();
    return entry === undefined ? [] : [entry];
  }

  /** Whether there was enough to go on. */
  #step(entries: JournalEntry[]): boolean {
    switch (this.#expected.kind) {
      case 'line':
        return this.#line(entries);
      case 'size':
        return this.#size(this.#expected.name);
      case 'value':
        return this.#value(this.#expected.name, this.#expected.bytes);
      case 'newline':
        return this.#newline();
      case 'left-out':
        return this.#leaveOut(this.#expected);
      case 'left-out-line':
        return this.#leaveOutLine();
    }
  }

  #line(entries: JournalEntry[]): boolean {
    const length = this.#pending.lineLength();
    const longest = longestName + 1 + this.#limits.maxFieldBytes;
    if ((length ?? this.#pending.length) > longest) {
      this.#counts.longFields += 1;
      this.#expected = { kind: 'left-out-line' };
      return true;
    }
    if (length === undefined) return false;
    const text = this.#pending.take(length);
    this.#pending.skip(1);
    if (length === 0) {
      const entry = this.#builder.finish();
      if (entry !== undefined) entries.push(entry);
    } else this.#field(text);
    return true;
  }

  #field(text: Buffer): void {
    const end = endOfName(text, 0, text.length);
    if (end === undefined || (end < text.length && text[end] !== equalsSign)) {
      this.#counts.badFields += 1;
      return;
    }
    const name = text.toString('latin1', 0, end);
    if (end === text.length) this.#expected = { kind: 'size', name };
    else if (text.length - end - 1 > this.#limits.maxFieldBytes) this.#counts.longFields += 1;
    else this.#builder.add(name, text.subarray(end + 1));
  }

  #size(name: string): boolean {
    if (this.#pending.length < sizeBytes) return false;
    const bytes = Number(this.#pending.take(sizeBytes).readBigUInt64LE(0));
    if (bytes > longestValue) {
      this.#counts.badFields += 1;
      this.#expected = { kind: 'left-out-line' };
    } else if (bytes > this.#limits.maxFieldBytes) {
      this.#counts.longFields += 1;
      this.#expected = { kind: 'left-out', bytes };
    } else this.#expected = { kind: 'value', name, bytes };
    return true;
  }

  #value(name: string, bytes: number): boolean {
    if (this.#pending.length < bytes) return false;
    this.#builder.add(name, this.#pending.take(bytes));
    this.#expected = { kind: 'newline' };
    return true;
  }

  #newline(): boolean {
    if (this.#pending.length === 0) return false;
    if (this.#pending.take(1)[0] === newline) this.#expected = line;
    else {
      this.#counts.badFields += 1;
      this.#expected = { kind: 'left-out-line' };
    }
    return true;
  }

  #leaveOut(expected: { bytes: number }): boolean {
    expected.bytes -= this.#pending.skip(expected.bytes);
    if (expected.bytes > 0) return false;
    this.#expected = { kind: 'newline' };
    return true;
  }

  #leaveOutLine(): boolean {
    const length = this.#pending.lineLength();
    this.#pending.skip((length ?? this.#pending.length) + 1);
    if (length === undefined) return false;
    this.#expected = line;
    return true;
  }
}
