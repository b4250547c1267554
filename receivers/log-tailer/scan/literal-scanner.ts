import { literalScanWasm } from './literal-scan-wasm.ts';
import { literalTable, roomBytes } from './literal-table.ts';

/** What is looked at of a line: literals beyond are not found. */
export const longestLineBytes = 64 * 1024;

/**
 * Takes a line that has literals in it: where it lies in the text, without its newline, and their numbers, which are good until
 * it returns. Tells whether to go on.
 */
export type OnLine = (begin: number, end: number, literals: readonly number[]) => boolean;

export interface LiteralScanner {
  /** Memory of the scan: a log that is read into it is not copied. */
  readonly buffer: Buffer;
  /**
   * Tells the lines of `text`, whole lines, that have literals of a set in them. Gives where it ended: after the line at which
   * `onLine` told it to, which must not scan by itself.
   */
  readonly scan: (set: number, text: Buffer, onLine: OnLine) => number;
}

export interface LiteralScannerOptions {
  /** Sets of literals, each of them three bytes or longer and without a newline. */
  readonly sets: readonly (readonly Buffer[])[];
  /** Size of `buffer`. */
  readonly bufferBytes: number;
}

interface Exports {
  readonly scan: (set: number, begin: number, end: number, out: number, most: number) => number;
  readonly resume: { readonly value: number };
}

/** What is used of it: the types of Node have no more than its name. */
interface WebAssemblyApi {
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => {
    readonly buffer: ArrayBuffer;
  };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** Bytes that the scan reads before a text and after it. */
const before = 16;
const after = 32;
const pageBytes = 64 * 1024;
const leastHits = 256;
const hitWords = 4;
const newline = 10;

export function createLiteralScanner(options: LiteralScannerOptions): LiteralScanner {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  const plan = planOf(options);
  const pages = Math.ceil(plan.bytes / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const bytes = Buffer.from(memory.buffer);
  for (const { table, at } of plan.sets) table.copy(bytes, at);
  const module = new WebAssembly.Module(literalScanWasm);
  const instance = new WebAssembly.Instance(module, { host: { memory } });
  const { scan, resume } = instance.exports as Exports;
  const hits = new Int32Array(memory.buffer, plan.hitsAt, plan.hits * hitWords);
  const literals: number[] = [];

  /** All addresses; gives where it ended. */
  function scanHere(set: number, begin: number, end: number, onLine: OnLine): number {
    const at = (plan.sets[set]?.at ?? 0) + roomBytes;
    for (let from = begin; from < end; from = resume.value) {
      const count = scan(at, from, end, plan.hitsAt, plan.most) * hitWords;
      const stopped = tellLines(count, onLine);
      if (stopped !== undefined) return Math.min(stopped, end);
    }
    return end;
  }

  function tellLines(count: number, onLine: OnLine): number | undefined {
    for (let hit = 0; hit < count;) {
      const begin = hits[hit + 2] ?? 0;
      const end = hits[hit + 3] ?? 0;
      literals.length = 0;
      for (; hit < count && hits[hit + 2] === begin; hit += hitWords)
        if ((hits[hit + 1] ?? 0) - begin < longestLineBytes) literals.push(hits[hit] ?? 0);
      if (literals.length > 0 && !onLine(begin, end, literals)) return end + 1;
    }
    return undefined;
  }

  /** In pieces of whole lines; of a line that is longer than a piece its begin alone. */
  function scanCopied(set: number, text: Buffer, onLine: OnLine): number {
    for (let at = 0; at < text.length;) {
      const length = text.copy(bytes, plan.copyAt, at, at + longestLineBytes);
      const whole = at + length === text.length ? length : lengthOfLines(length);
      const scanned = whole > 0 ? whole : length;
      const origin = plan.copyAt - at;
      const cutEnd = whole > 0 ? undefined : endOfLine(text, at + length);
      let stopped = false;
      const ended = scanHere(set, plan.copyAt, plan.copyAt + scanned, (begin, end, found) => {
        stopped = !onLine(begin - origin, cutEnd ?? end - origin, found);
        return !stopped;
      });
      at = cutEnd === undefined ? ended - origin : Math.min(cutEnd + 1, text.length);
      if (stopped) return at;
    }
    return text.length;
  }

  /** Of the lines that are whole in so many bytes that were copied. */
  function lengthOfLines(length: number): number {
    const last = bytes.lastIndexOf(newline, plan.copyAt + length - 1);
    return last < plan.copyAt ? 0 : last + 1 - plan.copyAt;
  }

  return {
    buffer: bytes.subarray(plan.bufferAt, plan.bufferAt + options.bufferBytes),
    scan(set, text, onLine) {
      const at = text.byteOffset;
      if (text.buffer !== memory.buffer) return scanCopied(set, text, onLine);
      const onHere: OnLine = (begin, end, found) => onLine(begin - at, end - at, found);
      return scanHere(set, at, at + text.length, onHere) - at;
    },
  };
}

/** What lies where in the memory. */
function planOf({ sets, bufferBytes }: LiteralScannerOptions) {
  let end = before;
  const tables = sets.map((literals) => {
    const at = end;
    const table = literalTable(literals, at);
    end = aligned(at + table.length);
    return { table, at };
  });
  const most = Math.max(leastHits, ...sets.map(({ length }) => length));
  // All literals could be found at each of the 16 bytes that are looked at together.
  const hits = most + 16 * Math.max(...sets.map(({ length }) => length));
  const hitsAt = end;
  const copyAt = aligned(hitsAt + hits * hitWords * 4) + before;
  const bufferAt = aligned(copyAt + longestLineBytes + after) + before;
  return {
    sets: tables,
    most,
    hits,
    hitsAt,
    copyAt,
    bufferAt,
    bytes: bufferAt + bufferBytes + after,
  };
}

function aligned(address: number): number {
  return Math.ceil(address / 16) * 16;
}

function endOfLine(text: Buffer, from: number): number {
  const at = text.indexOf(newline, from);
  return at < 0 ? text.length : at;
}
