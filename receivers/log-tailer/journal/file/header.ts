import { number64 } from './number64.ts';

const signature = Buffer.from('LPKSHHRH');
/** What each journal's header has; what follows came with later versions, and is not needed. */
export const headerBytes = 208;

const compact = 1 << 4;
const keyedHash = 1 << 2;
/** Compression by XZ, LZ4 and Zstandard, keyed hashes, compact form. */
const knownFlags = 0x1f;

const states = ['offline', 'online', 'archived'] as const;

/** What a journal file says of itself. */
export interface Header {
  /** `online` while it is written to, and for ever if its writer died; `archived` once it was rotated. */
  readonly state: (typeof states)[number];
  readonly isCompact: boolean;
  readonly isKeyedHash: boolean;
  /** Of the file, whatever it is called. */
  readonly fileId: string;
  readonly machineId: string;
  /** Of the row of numbers that its entries have theirs from. */
  readonly seqnumId: string;
  /** Where objects begin, and where they end at most. */
  readonly objectsFrom: number;
  readonly objectsTo: number;
  /** Where the table's cells begin, and how many bytes they are. */
  readonly dataTableOffset: number;
  readonly dataTableBytes: number;
  readonly entries: number;
  readonly headSeqnum: number;
  readonly tailSeqnum: number;
  readonly entryArrayOffset: number;
}

/** Why a file is not read: it is too short for a journal, not one, or of a kind that is yet unknown. */
export type Refusal = 'too-short' | 'no-journal' | 'unknown-kind';

/** Reads a header from the first bytes of a file. https://systemd.io/JOURNAL_FILE_FORMAT/ */
export function parseHeader(bytes: Buffer): Header | Refusal {
  if (bytes.length < headerBytes) return 'too-short';
  if (signature.compare(bytes, 0, signature.length) !== 0) return 'no-journal';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = view.getUint32(12, true);
  const state = states[bytes[16] as number];
  if ((flags & ~knownFlags) !== 0 || state === undefined) return 'unknown-kind';
  const objectsFrom = number64(view, 88);
  if (objectsFrom < headerBytes || objectsFrom % 8 !== 0) return 'no-journal';
  return {
    state,
    isCompact: (flags & compact) !== 0,
    isKeyedHash: (flags & keyedHash) !== 0,
    fileId: bytes.toString('hex', 24, 40),
    machineId: bytes.toString('hex', 40, 56),
    seqnumId: bytes.toString('hex', 72, 88),
    objectsFrom,
    objectsTo: objectsFrom + number64(view, 96),
    dataTableOffset: number64(view, 104),
    dataTableBytes: number64(view, 112),
    entries: Math.min(number64(view, 152), Number.MAX_SAFE_INTEGER),
    tailSeqnum: number64(view, 160),
    headSeqnum: number64(view, 168),
    entryArrayOffset: number64(view, 176),
  };
}
