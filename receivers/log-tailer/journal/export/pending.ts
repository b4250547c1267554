const newline = 10;

/** Bytes that came and are not used yet, in the pieces they came in. */
export class Pending {
  #pieces: Buffer[] = [];
  #at = 0;
  #length = 0;
  /** How many pieces, and how many bytes of them, are known to have no newline. */
  #searched = 0;
  #searchedBytes = 0;

  get length(): number {
    return this.#length;
  }

  /** Keeps the bytes: they are to stay as they are until they were taken. */
  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** How many bytes come before the next newline; undefined where there is none yet. */
  lineLength(): number | undefined {
    while (this.#searched < this.#pieces.length) {
      const piece = this.#pieces[this.#searched] as Buffer;
      const from = this.#searched === 0 ? this.#at : 0;
      const found = piece.indexOf(newline, from);
      if (found !== -1) return this.#searchedBytes + found - from;
      this.#searched += 1;
      this.#searchedBytes += piece.length - from;
    }
    return undefined;
  }

  /** Takes bytes, of which there must be so many. */
  take(length: number): Buffer {
    const taken: Buffer[] = [];
    let left = length;
    while (left > 0) {
      const piece = this.#pieces[0] as Buffer;
      const part = piece.subarray(this.#at, this.#at + left);
      taken.push(part);
      this.#drop(part.length);
      left -= part.length;
    }
    return taken.length === 1 ? (taken[0] as Buffer) : Buffer.concat(taken, length);
  }

  /** Drops bytes, as many as there are of so many, and says how many. */
  skip(length: number): number {
    let left = Math.min(length, this.#length);
    const skipped = left;
    while (left > 0) {
      const part = Math.min(left, (this.#pieces[0] as Buffer).length - this.#at);
      this.#drop(part);
      left -= part;
    }
    return skipped;
  }

  #drop(length: number): void {
    this.#at += length;
    this.#length -= length;
    if (this.#searched > 0) this.#searchedBytes -= length;
    if (this.#at < (this.#pieces[0] as Buffer).length) return;
    this.#pieces.shift();
    this.#at = 0;
    this.#searched = Math.max(0, this.#searched - 1);
  }
}
