import type { FileEntry } from './file/file-entry.ts';

/** How far one row of entry numbers was read in one stream of files. */
export interface Mark {
  /** Machine and kind of file, such as `<machine-id>/system`: what is rotated keeps it. */
  readonly stream: string;
  /** Where the file lies: journald copies what is in /run/log/journal to /var/log/journal once it may. */
  readonly folder: string;
  readonly fileId: string;
  readonly seqnumId: string;
  readonly seqnum: number;
  readonly bootId: string;
  readonly monotonicUs: number;
  /** Hexadecimal. */
  readonly xorHash: string;
}

/** How far a journal was read. It may be written as JSON, and gone on from. The mark that was moved last is the last. */
export interface Position {
  readonly marks: readonly Mark[];
}

/** Which file an entry stands in. */
export interface Place {
  readonly stream: string;
  readonly folder: string;
}

type Known = Omit<Mark, 'xorHash'> & { readonly xorHash: bigint };

/** What was read of a journal's streams. */
export class Progress {
  #marks: Known[];
  /** Of each stream, the file in which the copy of its last entry was met. */
  readonly #passed = new Map<string, string>();

  constructor({ marks }: Position) {
    this.#marks = marks.map((mark) => ({ ...mark, xorHash: BigInt(`0x${mark.xorHash}`) }));
  }

  position(): Position {
    return {
      marks: this.#marks.map((mark) => ({ ...mark, xorHash: mark.xorHash.toString(16) })),
    };
  }

  markOf(stream: string, seqnumId: string): Known | undefined {
    return this.#marks.find((mark) => mark.stream === stream && mark.seqnumId === seqnumId);
  }

  /**
   * Whether an entry was not read yet. One that was copied to another folder has another number there, yet the same times: what is
   * not later than the stream's last entry, of its boot, and stands in another folder, is a copy. Of those that are as late the
   * ones up to the copy of the last are: journald copies in order, and gives many lines the same time.
   */
  isNew(entry: FileEntry, { stream, folder }: Place): boolean {
    const mark = this.markOf(stream, entry.seqnumId);
    if (mark !== undefined && entry.seqnum <= mark.seqnum) return false;
    const last = this.#marks.findLast((other) => other.stream === stream);
    if (last === undefined || last.folder === folder || last.bootId !== entry.bootId) return true;
    if (entry.monotonicUs !== last.monotonicUs) return entry.monotonicUs > last.monotonicUs;
    if (entry.xorHash !== last.xorHash) return this.#passed.get(stream) === entry.fileId;
    this.#passed.set(stream, entry.fileId);
    return false;
  }

  /** Says that an entry was read. */
  advance(entry: FileEntry, { stream, folder }: Place): void {
    const { fileId, seqnumId, seqnum, bootId, monotonicUs, xorHash } = entry;
    const mark = { stream, folder, fileId, seqnumId, seqnum, bootId, monotonicUs, xorHash };
    const before = this.#marks.findLastIndex(
      (other) => other.stream === stream && other.seqnumId === seqnumId,
    );
    if (before !== -1) this.#marks.splice(before, 1);
    this.#passed.delete(stream);
    this.#marks.push(mark);
  }

  /** Forgets rows of numbers that no file has any more, but for each stream's last. */
  keepOnly(seqnumIds: ReadonlySet<string>): void {
    this.#marks = this.#marks.filter(
      (mark, index) =>
        seqnumIds.has(mark.seqnumId) ||
        !this.#marks.slice(index + 1).some(({ stream }) => stream === mark.stream),
    );
  }
}
