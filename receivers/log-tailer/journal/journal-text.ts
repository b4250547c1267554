import type { Chunk } from '../core/chunk.ts';
import type { Field, JournalEntry } from './entry.ts';
import { Stamps } from './stamp.ts';

const newline = 10;

/** Lines of a journal's entries, to be searched as those of any log. */
export interface JournalChunk extends Chunk {
  /** The entry that the line at that byte of the chunk is of: what it knows of time is more exact than text. */
  readonly entryAt: (at: number) => JournalEntry | undefined;
}

/** How long a chunk becomes before it is given, but for a last line. */
const chunkBytes = 128 * 1024;
/** Of what stands before a message, as much as is told. */
const longestPart = 256;

/** Writes entries as lines such as `2026-11-20T23:59:58.000123+00:00 node-1 kubelet[1004]: Started`. */
export class JournalText {
  readonly #log: string;
  readonly #path: string;
  readonly #stamps = new Stamps();
  #bytes = Buffer.alloc(2 * chunkBytes);
  #length = 0;
  #offset = 0;
  #starts: number[] = [];
  #entries: JournalEntry[] = [];

  /** What its chunks are to say that they are of. */
  constructor(log: string, path: string) {
    this.#log = log;
    this.#path = path;
  }

  /**
   * All that the entries say; entries that say nothing have no line, and each line of one that says several has its own head. A
   * chunk's bytes are good until the next.
   */
  *chunksOf(entries: Iterable<JournalEntry>): Generator<JournalChunk> {
    for (const entry of entries) {
      const { message, host, tag } = saidBy(entry);
      if (message === undefined) continue;
      const head = Buffer.from(`${this.#stamps.of(entry.realtimeUs)} ${host} ${tag}: `);
      let from = 0;
      do {
        const found = message.indexOf(newline, from);
        const to = found === -1 ? message.length : found;
        this.#write(entry, head, message.subarray(from, to));
        if (this.#length >= chunkBytes) yield this.#chunk();
        from = to + 1;
      } while (from < message.length);
    }
    if (this.#length > 0) yield this.#chunk();
  }

  #write(entry: JournalEntry, head: Buffer, line: Buffer): void {
    const end = this.#length + head.length + line.length + 1;
    if (end > this.#bytes.length) {
      const larger = Buffer.alloc(end);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#starts.push(this.#length);
    this.#entries.push(entry);
    head.copy(this.#bytes, this.#length);
    line.copy(this.#bytes, this.#length + head.length);
    this.#bytes[end - 1] = newline;
    this.#length = end;
  }

  #chunk(): JournalChunk {
    const [offset, starts, entries] = [this.#offset, this.#starts, this.#entries];
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#offset += this.#length;
    this.#length = 0;
    this.#starts = [];
    this.#entries = [];
    const entryAt = (at: number): JournalEntry | undefined => entries[lastUpTo(starts, at)];
    return { log: this.#log, path: this.#path, offset, bytes, entryAt };
  }
}

const usual = new Set(['MESSAGE', '_HOSTNAME', 'SYSLOG_IDENTIFIER', '_PID']);
const others = new Set(['_COMM', 'SYSLOG_PID']);

function saidBy(entry: JournalEntry): { message: Buffer | undefined; host: string; tag: string } {
  const first = new Map<string, Buffer>();
  const add = ({ name, value }: Field): unknown => first.has(name) || first.set(name, value);
  entry.fields(usual).forEach(add);
  if (first.size < usual.size && first.has('MESSAGE')) entry.fields(others).forEach(add);
  const text = (...names: string[]): string => {
    const name = names.find((candidate) => first.has(candidate)) ?? '';
    return first.get(name)?.toString('utf8', 0, longestPart).replaceAll('\n', ' ') ?? '';
  };
  const pid = text('_PID', 'SYSLOG_PID');
  const identifier = text('SYSLOG_IDENTIFIER', '_COMM') || 'unknown';
  return {
    message: first.get('MESSAGE'),
    host: text('_HOSTNAME') || 'localhost',
    tag: pid === '' ? identifier : `${identifier}[${pid}]`,
  };
}

/** Index of the last start that is not behind `at`. */
function lastUpTo(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
