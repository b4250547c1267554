import type { JournalCounts } from '../counts.ts';
import type { Field } from '../entry.ts';
import type { Limits } from '../limits.ts';
import { dataLink, isPacked, readField } from './data.ts';
import { FieldCache } from './field-cache.ts';
import type { EntryHead } from './file-entry.ts';
import type { Arena } from './objects.ts';

/** Fields that several entries share are held up to so many bytes, each up to `longestHeldField`. */
const cacheBytes = 512 * 1024;
const longestHeldField = 4096;

interface Wanted {
  readonly names: ReadonlySet<string>;
  /** Where what is compressed is noted, and left for later; it is read at once where this is not given. */
  readonly packed?: number[];
}

/** Reads the fields of a file's entries. */
export class FieldReader {
  readonly #arena: Arena;
  readonly #limits: Limits;
  readonly #counts: JournalCounts;
  readonly #held = new FieldCache(cacheBytes);
  /** The entry that was asked for all its fields last: a batch of entries may have very many, so that none else is held. */
  #asked: { readonly entry: EntryHead; readonly fields: readonly Field[] } | undefined;

  constructor(arena: Arena, limits: Limits, counts: JournalCounts) {
    this.#arena = arena;
    this.#limits = limits;
    this.#counts = counts;
  }

  /** Gives up memory. */
  release(): void {
    this.#held.clear();
    this.#asked = undefined;
  }

  all(entry: EntryHead): readonly Field[] {
    if (this.#asked?.entry !== entry) {
      this.#counts.longFields += entry.surplus;
      this.#asked = { entry, fields: this.#read(entry.items, this.#limits.maxEntryBytes) };
    }
    return this.#asked.fields;
  }

  /** Those of some names. What is compressed is expanded only where one of them is yet to be found. */
  some(entry: EntryHead, names: ReadonlySet<string>): readonly Field[] {
    const packed: number[] = [];
    const most = this.#limits.maxEntryBytes;
    const fields = this.#read(entry.items, most, { names, packed });
    const found = new Set(fields.map(({ name }) => name));
    if (packed.length === 0 || found.size === names.size) return fields;
    const left = fields.reduce((bytes, { value }) => bytes - value.length, most);
    return [...fields, ...this.#read(packed, left, { names })];
  }

  #read(items: readonly number[], most: number, wanted?: Wanted): Field[] {
    const fields: Field[] = [];
    let left = most;
    for (const offset of items) {
      const field = this.#held.get(offset) ?? this.#fieldAt(offset, left, wanted);
      if (field === undefined || wanted?.names.has(field.name) === false) continue;
      left = Math.max(0, left - field.value.length);
      fields.push(field);
    }
    return fields;
  }

  /** The field of a DATA object; undefined where it is not wanted, or cannot be had, which is counted. */
  #fieldAt(offset: number, most: number, wanted?: Wanted): Field | undefined {
    if (wanted?.packed !== undefined && isPacked(this.#arena, offset)) {
      wanted.packed.push(offset);
      return undefined;
    }
    const isShared = dataLink(this.#arena, offset, 'entries') > 1;
    const names = isShared ? undefined : wanted?.names;
    const read = readField(this.#arena, offset, Math.min(most, this.#limits.maxFieldBytes), names);
    if (read === 'bad') this.#counts.badFields += 1;
    if (read === 'too-long') this.#counts.longFields += 1;
    if (typeof read === 'string') return undefined;
    if (isShared && read.value.length <= longestHeldField)
      this.#held.set(offset, { name: read.name, value: Buffer.from(read.value) });
    return read;
  }
}
