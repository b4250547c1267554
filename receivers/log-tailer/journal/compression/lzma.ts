import { evenProbability, RangeDecoder } from './range-decoder.ts';

const states = 12;
const longestPositionBits = 4;
const leastMatch = 2;
const lengthCoderSize = 2 + 2 * (8 << longestPositionBits) + 256;
const literalSize = 0x300;
/** Distances of slots from here on have bits that are as likely 0 as 1. */
const directSlots = 14;
const alignBits = 4;

/** Where the probabilities of what stand in the one table. */
const isMatch = 0;
const isRepeat = isMatch + (states << longestPositionBits);
const isRepeat0 = isRepeat + states;
const isRepeat1 = isRepeat0 + states;
const isRepeat2 = isRepeat1 + states;
const isRepeat0Long = isRepeat2 + states;
const slots = isRepeat0Long + (states << longestPositionBits);
const special = slots + 4 * 64;
const align = special + 128;
const matchLength = align + (1 << alignBits);
const repeatLength = matchLength + lengthCoderSize;
const literals = repeatLength + lengthCoderSize;

/** LZMA's decoder as LZMA2 uses it: what is expanded is its dictionary. */
export class LzmaDecoder {
  readonly #range = new RangeDecoder();
  #probabilities = new Uint16Array();
  #literalContext = 0;
  #literalMask = 0;
  #positionMask = 0;
  #state = 0;
  #distances: [number, number, number, number] = [0, 0, 0, 0];

  /** Sets `lc`, `lp` and `pb` by the byte that encodes them; false where LZMA2 has no such. */
  setProperties(byte: number): boolean {
    const literalContext = byte % 9;
    const literalPosition = Math.floor(byte / 9) % 5;
    const positionBits = Math.floor(byte / 45);
    if (positionBits > longestPositionBits || literalContext + literalPosition > 4) return false;
    this.#literalContext = literalContext;
    this.#literalMask = (1 << literalPosition) - 1;
    this.#positionMask = (1 << positionBits) - 1;
    const size = literals + (literalSize << (literalContext + literalPosition));
    if (this.#probabilities.length !== size) this.#probabilities = new Uint16Array(size);
    return true;
  }

  reset(): void {
    this.#probabilities.fill(evenProbability);
    this.#state = 0;
    this.#distances = [0, 0, 0, 0];
  }

  /** Expands `packed` to `target` from `from` to `to`; its dictionary begins at `start`. False where it does not fit. */
  expand(packed: Uint8Array, target: Buffer, start: number, from: number, to: number): boolean {
    if (!this.#range.start(packed)) return false;
    let at = from;
    while (at < to) {
      if (this.#range.ranOut) return false;
      const position = (at - start) & this.#positionMask;
      const matched = this.#bit(isMatch + (this.#state << longestPositionBits) + position);
      if (matched === 0) {
        target[at] = this.#literal(target, start, at);
        at += 1;
        continue;
      }
      const length = this.#match(position);
      const distance = this.#distances[0] + 1;
      if (distance > at - start || at + length > to) return false;
      for (const stop = at + length; at < stop; at++) target[at] = target[at - distance] as number;
    }
    return !this.#range.ranOut && this.#range.isDone();
  }

  #bit(index: number): 0 | 1 {
    return this.#range.bit(this.#probabilities, index);
  }

  #literal(target: Buffer, start: number, at: number): number {
    const before = at > start ? (target[at - 1] as number) : 0;
    const context =
      (((at - start) & this.#literalMask) << this.#literalContext) +
      (before >> (8 - this.#literalContext));
    const base = literals + literalSize * context;
    let node = 1;
    if (this.#state >= 7) {
      let expected =
        at - start > this.#distances[0] ? (target[at - this.#distances[0] - 1] as number) : 0;
      while (node < 0x100) {
        const hint = (expected >> 7) & 1;
        expected <<= 1;
        const bit = this.#bit(base + ((1 + hint) << 8) + node);
        node = (node << 1) | bit;
        if (bit !== hint) break;
      }
    }
    while (node < 0x100) node = (node << 1) | this.#bit(base + node);
    this.#state = this.#state < 4 ? 0 : this.#state - (this.#state < 10 ? 3 : 6);
    return node & 0xff;
  }

  /** Length of a match; its distance, less one, is the first of `#distances` then. */
  #match(position: number): number {
    const afterLiteral = this.#state < 7;
    if (this.#bit(isRepeat + this.#state) === 0) {
      const length = this.#length(matchLength, position);
      const [first, second, third] = this.#distances;
      this.#distances = [this.#distance(length), first, second, third];
      this.#state = afterLiteral ? 7 : 10;
      return length;
    }
    if (this.#bit(isRepeat0 + this.#state) === 0) {
      const long = isRepeat0Long + (this.#state << longestPositionBits) + position;
      if (this.#bit(long) === 0) {
        this.#state = afterLiteral ? 9 : 11;
        return 1;
      }
    } else this.#pickRepeat();
    const length = this.#length(repeatLength, position);
    this.#state = afterLiteral ? 8 : 11;
    return length;
  }

  #pickRepeat(): void {
    const [first, second, third, fourth] = this.#distances;
    if (this.#bit(isRepeat1 + this.#state) === 0) this.#distances = [second, first, third, fourth];
    else if (this.#bit(isRepeat2 + this.#state) === 0)
      this.#distances = [third, first, second, fourth];
    else this.#distances = [fourth, first, second, third];
  }

  #length(coder: number, position: number): number {
    const low = coder + 2;
    const middle = low + (8 << longestPositionBits);
    const high = middle + (8 << longestPositionBits);
    const tree = (base: number, bits: number): number =>
      this.#range.tree(this.#probabilities, base, bits);
    if (this.#bit(coder) === 0) return leastMatch + tree(low + position * 8, 3);
    if (this.#bit(coder + 1) === 0) return leastMatch + 8 + tree(middle + position * 8, 3);
    return leastMatch + 16 + tree(high, 8);
  }

  #distance(length: number): number {
    const group = Math.min(length - leastMatch, 3);
    const slot = this.#range.tree(this.#probabilities, slots + group * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < directSlots)
      return base + this.#range.reverseTree(this.#probabilities, special + base - slot, bits);
    const middle = this.#range.direct(bits - alignBits) * (1 << alignBits);
    return base + middle + this.#range.reverseTree(this.#probabilities, align, alignBits);
  }
}
