import type { JournalEntry } from '../entry.ts';
import { number64 } from './number64.ts';
import { objectSize, objectType, type Arena } from './objects.ts';

const itemsFrom = 64;
/** Where an item's offset is in each; the regular form has a hash behind it. */
const itemBytes = { compact: 4, regular: 16 } as const;

/** What an ENTRY object itself says. */
export interface EntryHead {
  readonly offset: number;
  /** Where the object ends. */
  readonly end: number;
  readonly seqnum: number;
  readonly realtimeUs: number;
  readonly monotonicUs: number;
  readonly bootId: string;
  /** Of its fields; tells apart entries of the same time. */
  readonly xorHash: bigint;
  /** Where its fields lie. */
  readonly items: readonly number[];
  /** Items beyond those that were asked for. */
  readonly surplus: number;
}

/** Reads an ENTRY object; undefined where there is none that is sound. */
export function readEntry(arena: Arena, offset: number, maxItems: number): EntryHead | undefined {
  const size = objectSize(arena, offset, objectType.entry, itemsFrom);
  if (size === 0) return undefined;
  const { windows, isCompact } = arena;
  const step = isCompact ? itemBytes.compact : itemBytes.regular;
  const count = Math.floor((size - itemsFrom) / step);
  const taken = Math.min(count, maxItems);
  if (!windows.locate(offset, itemsFrom + taken * step)) return undefined;
  const { view, bytes, at } = windows;
  const seqnum = number64(view, at + 16);
  const realtimeUs = number64(view, at + 24);
  const monotonicUs = number64(view, at + 32);
  if (seqnum === 0 || seqnum + realtimeUs + monotonicUs === Infinity || realtimeUs === 0)
    return undefined;
  const items: number[] = [];
  for (let i = 0, from = at + itemsFrom; i < taken; i++, from += step)
    items.push(isCompact ? view.getUint32(from, true) : number64(view, from));
  return {
    offset,
    end: offset + size,
    seqnum,
    realtimeUs,
    monotonicUs,
    bootId: bytes.toString('hex', at + 40, at + 56),
    xorHash: view.getBigUint64(at + 56, true),
    items,
    surplus: count - taken,
  };
}

/** An entry of a journal file. */
export interface FileEntry extends JournalEntry, EntryHead {
  readonly monotonicUs: number;
  readonly bootId: string;
  readonly fileId: string;
  readonly seqnumId: string;
}
