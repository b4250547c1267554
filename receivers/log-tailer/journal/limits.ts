/** How much one entry may take: what is beyond is counted and left out. */
export interface Limits {
  readonly maxFieldBytes: number;
  readonly maxEntryBytes: number;
  readonly maxEntryFields: number;
}

/** 1,024 fields is what systemd itself lets an entry have. */
export const defaultLimits: Limits = {
  maxFieldBytes: 1024 * 1024,
  maxEntryBytes: 4 * 1024 * 1024,
  maxEntryFields: 1024,
};
