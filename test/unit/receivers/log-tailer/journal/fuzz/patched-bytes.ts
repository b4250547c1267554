/** Bytes that are changed and put back again: to copy all of a journal for each change would take most of the time. */
export class PatchedBytes {
  readonly bytes: Buffer;
  /** How long they are made out to be. */
  length: number;
  readonly #before: { readonly at: number; readonly bytes: Buffer }[] = [];

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.length = bytes.length;
  }

  /** Writes over what is there, as far as there is something. */
  write(at: number, bytes: Uint8Array): void {
    const end = Math.min(this.bytes.length, at + bytes.length);
    this.#before.push({ at, bytes: Buffer.from(this.bytes.subarray(at, end)) });
    this.bytes.set(bytes.subarray(0, end - at), at);
  }

  restore(): void {
    for (const { at, bytes } of this.#before.toReversed()) this.bytes.set(bytes, at);
    this.#before.length = 0;
    this.length = this.bytes.length;
  }
}
