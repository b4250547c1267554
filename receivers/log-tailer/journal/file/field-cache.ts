import type { Field } from '../entry.ts';

/** What a held field takes beside its value, roughly. */
const overheadBytes = 200;

/** Fields that entries share, by where they lie: those asked for lately, in not much more than so many bytes. */
export class FieldCache {
  readonly #maxBytes: number;
  #young = new Map<number, Field>();
  #old = new Map<number, Field>();
  #youngBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(offset: number): Field | undefined {
    const young = this.#young.get(offset);
    if (young !== undefined) return young;
    const old = this.#old.get(offset);
    if (old !== undefined) this.set(offset, old);
    return old;
  }

  set(offset: number, field: Field): void {
    this.#young.set(offset, field);
    this.#youngBytes += field.value.length + overheadBytes;
    if (this.#youngBytes <= this.#maxBytes / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#youngBytes = 0;
  }
}
