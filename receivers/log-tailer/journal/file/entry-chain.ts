import { number64 } from './number64.ts';
import { objectSize, objectType, type Arena } from './objects.ts';

/** Before an array's items: head of the object, and where the next array is. */
const itemsFrom = 24;
/** Each array of a chain is twice as long as the one before it: more are none of a file's that was written so. */
const mostArrays = 256;

interface Span {
  readonly offset: number;
  /** Index of its first item in the whole chain. */
  readonly first: number;
  readonly items: number;
  readonly end: number;
}

/** A chain of arrays that say where entries are, in their order. */
export class EntryChain {
  readonly #arena: Arena;
  readonly #first: () => number;
  readonly #spans: Span[] = [];

  /** `first` says where its first array lies; 0 where there is none yet. */
  constructor(arena: Arena, first: () => number) {
    this.#arena = arena;
    this.#first = first;
  }

  /** Where the entry of that index lies; 0 where its place is not filled; undefined where the chain does not reach so far. */
  offsetAt(index: number): number | undefined {
    let span = this.#spanOf(index);
    while (span === undefined) {
      if (!this.#extend()) return undefined;
      span = this.#spanOf(index);
    }
    const { windows, isCompact } = this.#arena;
    const itemBytes = isCompact ? 4 : 8;
    if (!windows.locate(span.offset + itemsFrom + (index - span.first) * itemBytes, itemBytes))
      return undefined;
    return isCompact
      ? windows.view.getUint32(windows.at, true)
      : number64(windows.view, windows.at);
  }

  #spanOf(index: number): Span | undefined {
    for (let i = this.#spans.length - 1; i >= 0; i--) {
      const span = this.#spans[i] as Span;
      if (index >= span.first) return index < span.first + span.items ? span : undefined;
    }
    return undefined;
  }

  /** Arrays follow each other in the file: one that points back, or into itself, would never end. */
  #extend(): boolean {
    if (this.#spans.length >= mostArrays) return false;
    const last = this.#spans.at(-1);
    const offset = last === undefined ? this.#first() : this.#next(last);
    const size = objectSize(this.#arena, offset, objectType.entryArray, itemsFrom + 8);
    if (size === 0 || (last !== undefined && offset < last.end)) return false;
    const items = Math.floor((size - itemsFrom) / (this.#arena.isCompact ? 4 : 8));
    const first = last === undefined ? 0 : last.first + last.items;
    this.#spans.push({ offset, first, items, end: offset + size });
    return true;
  }

  #next({ offset }: Span): number {
    const { windows } = this.#arena;
    return windows.locate(offset + 16, 8) ? number64(windows.view, windows.at) : 0;
  }
}
