/** One field of an entry, such as `MESSAGE`. A name may stand in an entry several times. */
export interface Field {
  readonly name: string;
  /** As it was logged: mostly UTF-8, but any bytes may stand in it. */
  readonly value: Buffer;
}

/** What a journal, or what was exported from one, says once. */
export interface JournalEntry {
  /** Since the Unix epoch, by the clock of the machine that wrote it. */
  readonly realtimeUs: number;
  /** Since the boot; undefined where what was exported does not say. */
  readonly monotonicUs: number | undefined;
  /** Which boot, as the kernel names it: 32 hexadecimal digits; undefined as `monotonicUs`. */
  readonly bootId: string | undefined;
  /**
   * All of them, or those of some names, which are found faster. They are fetched when asked for, and of a journal file only as
   * long as it is open: until the batch was dealt with.
   */
  readonly fields: (names?: ReadonlySet<string>) => readonly Field[];
}

/** The first value of a field as text, what is no UTF-8 replaced; undefined where the entry has none. */
export function textOf(entry: Pick<JournalEntry, 'fields'>, name: string): string | undefined {
  const found = entry.fields(new Set([name])).find((field) => field.name === name);
  return found?.value.toString('utf8');
}
