const probabilityBits = 11;
const adaptShift = 5;
export const evenProbability = 1 << (probabilityBits - 1);

/**
 * LZMA's arithmetic decoder. Bytes beyond the end read as zero, and `ranOut` tells so: what is decoded from then on means nothing,
 * but comes to its end. https://www.7-zip.org/sdk.html, lzma-specification.txt
 */
export class RangeDecoder {
  ranOut = false;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #range = 0;
  #code = 0;

  /** Begins anew on these bytes; false where they cannot be such. */
  start(bytes: Uint8Array): boolean {
    this.#bytes = bytes;
    this.#at = 0;
    this.#range = 0xffffffff;
    this.#code = 0;
    this.ranOut = false;
    const first = this.#next();
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | this.#next()) >>> 0;
    return first === 0 && !this.ranOut;
  }

  /** Whether all bytes were needed, and nothing is left in the decoder. */
  isDone(): boolean {
    this.#normalize();
    return this.#at === this.#bytes.length && this.#code === 0;
  }

  bit(probabilities: Uint16Array, index: number): 0 | 1 {
    this.#normalize();
    const probability = probabilities[index] as number;
    const bound = (this.#range >>> probabilityBits) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      probabilities[index] = probability + (((1 << probabilityBits) - probability) >> adaptShift);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    probabilities[index] = probability - (probability >> adaptShift);
    return 1;
  }

  /** So many bits, most significant first, each by a probability of its own in a tree at `base`. */
  tree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | this.bit(probabilities, base + node);
    return node - (1 << bits);
  }

  /** As `tree`, least significant first. */
  reverseTree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(probabilities, base + node);
      node = (node << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  /** So many bits that are as likely 0 as 1. */
  direct(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      this.#normalize();
      this.#range = this.#range >>> 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = ((value << 1) | bit) >>> 0;
    }
    return value;
  }

  #normalize(): void {
    if (this.#range >= 0x1000000) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  #next(): number {
    if (this.#at < this.#bytes.length) return this.#bytes[this.#at++] as number;
    this.ranOut = true;
    return 0;
  }
}
