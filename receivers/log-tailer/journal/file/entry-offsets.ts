import { dataLink } from './data.ts';
import { EntryChain } from './entry-chain.ts';
import { findData } from './find-data.ts';
import type { Header } from './header.ts';
import type { Arena } from './objects.ts';

/** Where entries lie that are yet to be read, in their order. What came since is seen once the windows are fresh. */
export interface EntryOffsets {
  /** Where the next lies, 0 where its place is not filled; undefined where no more are known of. */
  peek(): number | undefined;
  skip(): void;
  /** Whether the next is the last that is known of. */
  isAtLast(): boolean;
  /** Whether there are said to be more than can be found. */
  isBroken(): boolean;
}

/** All entries of a file. */
export class AllEntries implements EntryOffsets {
  index = 0;
  readonly #header: () => Header;
  readonly #chain: EntryChain;

  constructor(arena: Arena, header: () => Header) {
    this.#header = header;
    this.#chain = new EntryChain(arena, () => header().entryArrayOffset);
  }

  peek(): number | undefined {
    return this.index < this.#header().entries ? this.#chain.offsetAt(this.index) : undefined;
  }

  skip(): void {
    this.index += 1;
  }

  isAtLast(): boolean {
    return this.index === this.#header().entries - 1;
  }

  isBroken(): boolean {
    return this.index < this.#header().entries && this.peek() === undefined;
  }

  /** No entry to come lies before it. */
  behindLast(): number {
    const { entries } = this.#header();
    return entries === 0 ? 0 : (this.#chain.offsetAt(entries - 1) ?? 0) + 1;
  }

  /** How many of them come before the first of which `isBefore` does not hold: it holds for all up to one, and none from there on. */
  countBefore(isBefore: (offset: number) => boolean): number {
    let low = 0;
    let high = this.#header().entries;
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      const offset = this.#chain.offsetAt(middle);
      if (offset !== undefined && isBefore(offset)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The entries that have at least one of some fields. */
export class MatchedEntries implements EntryOffsets {
  readonly #arena: Arena;
  readonly #header: () => Header;
  readonly #found = new Map<string, DataEntries | undefined>();

  /** `fields` are such as `_SYSTEMD_UNIT=kubelet.service`. */
  constructor(arena: Arena, header: () => Header, fields: readonly string[]) {
    this.#arena = arena;
    this.#header = header;
    for (const field of fields) this.#found.set(field, undefined);
    this.findMissing();
  }

  /** Looks for the fields that no entry had yet. */
  findMissing(): void {
    for (const [field, known] of this.#found) {
      const data = known === undefined ? findData(this.#arena, this.#header(), field) : undefined;
      if (data !== undefined) this.#found.set(field, new DataEntries(this.#arena, data));
    }
  }

  peek(): number | undefined {
    let least: number | undefined;
    for (const entries of this.#found.values()) {
      const offset = entries?.peek();
      if (offset !== undefined && (least === undefined || offset < least)) least = offset;
    }
    return least;
  }

  skip(): void {
    const least = this.peek();
    for (const entries of this.#found.values()) if (entries?.peek() === least) entries?.skip();
  }

  isAtLast(): boolean {
    const least = this.peek();
    return [...this.#found.values()].some(
      (entries) => entries?.peek() === least && entries?.isAtLast() === true,
    );
  }

  isBroken(): boolean {
    return [...this.#found.values()].some((entries) => entries?.isBroken() === true);
  }
}

/** The entries that one DATA object says have it: the first stands in it, the others in a chain. */
class DataEntries implements EntryOffsets {
  readonly #arena: Arena;
  readonly #data: number;
  readonly #chain: EntryChain;
  #index = 0;

  constructor(arena: Arena, data: number) {
    this.#arena = arena;
    this.#data = data;
    this.#chain = new EntryChain(arena, () => dataLink(arena, data, 'entryArray'));
  }

  peek(): number | undefined {
    if (this.#index >= this.#entries()) return undefined;
    return this.#index === 0
      ? dataLink(this.#arena, this.#data, 'firstEntry')
      : this.#chain.offsetAt(this.#index - 1);
  }

  skip(): void {
    this.#index += 1;
  }

  isAtLast(): boolean {
    return this.#index === this.#entries() - 1;
  }

  isBroken(): boolean {
    return this.#index < this.#entries() && this.peek() === undefined;
  }

  #entries(): number {
    return dataLink(this.#arena, this.#data, 'entries');
  }
}
