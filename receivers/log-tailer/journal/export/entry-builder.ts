import type { JournalCounts } from '../counts.ts';
import { textOf, type Field, type JournalEntry } from '../entry.ts';
import type { Limits } from '../limits.ts';

/** Collects the fields of an exported entry until it is whole, and no more of them than the limits let it have. */
export class EntryBuilder {
  readonly #limits: Limits;
  readonly #counts: JournalCounts;
  #fields: Field[] = [];
  #bytes = 0;
  #realtimeUs: number | undefined;
  #monotonicUs: number | undefined;

  constructor(limits: Limits, counts: JournalCounts) {
    this.#limits = limits;
    this.#counts = counts;
  }

  /** Keeps the value, which is to stay as it is. Names that begin with two underscores are of the entry itself. */
  add(name: string, value: Buffer): void {
    if (name.startsWith('__')) this.#addOwn(name, value);
    else if (
      this.#fields.length < this.#limits.maxEntryFields &&
      this.#bytes + value.length <= this.#limits.maxEntryBytes
    ) {
      this.#fields.push({ name, value });
      this.#bytes += value.length;
    } else this.#counts.longFields += 1;
  }

  /** The entry, and begins a new one; undefined where it had no fields, or no time, which is counted. */
  finish(): JournalEntry | undefined {
    const fields = this.#fields;
    const [realtimeUs, monotonicUs] = [this.#realtimeUs, this.#monotonicUs];
    this.#fields = [];
    this.#bytes = 0;
    this.#realtimeUs = this.#monotonicUs = undefined;
    if (fields.length === 0 && realtimeUs === undefined) return undefined;
    return this.#entry(fields, realtimeUs, monotonicUs);
  }

  #entry(
    fields: Field[],
    ownUs: number | undefined,
    monotonicUs: number | undefined,
  ): JournalEntry | undefined {
    const holder = {
      fields: (names?: ReadonlySet<string>) =>
        names === undefined ? fields : fields.filter(({ name }) => names.has(name)),
    };
    const realtimeUs = ownUs ?? number(textOf(holder, '_SOURCE_REALTIME_TIMESTAMP'));
    if (realtimeUs === undefined) {
      this.#counts.badEntries += 1;
      return undefined;
    }
    const bootId = textOf(holder, '_BOOT_ID');
    return { realtimeUs, monotonicUs, bootId, ...holder };
  }

  #addOwn(name: string, value: Buffer): void {
    const text = value.toString('latin1', 0, 20);
    if (name === '__REALTIME_TIMESTAMP') this.#realtimeUs = number(text);
    if (name === '__MONOTONIC_TIMESTAMP') this.#monotonicUs = number(text);
  }
}

/** Of digits alone; undefined for all else, and for what JavaScript has no exact number of. */
function number(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
