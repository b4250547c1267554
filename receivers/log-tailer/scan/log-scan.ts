import { containerLine } from '../clock/container-line.ts';
import { createLogClock } from '../clock/log-clock.ts';
import type { Zone } from '../clock/zone.ts';
import type { Chunk } from '../core/chunk.ts';
import { createContainerJoin, partialMarks, type ContainerJoin } from './container-join.ts';
import {
  createLineTeller,
  type EntryTimes,
  type LineTeller,
  type Listeners,
} from './line-teller.ts';
import { createLiteralScanner, longestLineBytes } from './literal-scanner.ts';
import { candidates, ruleSet, type RuleSet } from './rule-set.ts';
import { noCounts, type ScanCounts } from './scan-counts.ts';
import type { TextSource } from './text-source.ts';

export interface LogScanOptions extends Listeners {
  readonly sources: readonly TextSource[];
  /** Of stamps that tell none, where the log does not tell of another. */
  readonly zone: Zone;
  /** When the kernel started that stamps since boot count from; undefined: they cannot be placed. */
  readonly bootedAtUnixNs?: bigint | undefined;
  /**
   * When the year of a stamp without one is known: when the log has ended, which is right however long the log is; or at once, which
   * is right for logs of less than a year.
   */
  readonly years: 'at-end' | 'at-once';
  /** Size of the buffer to read logs into. */
  readonly bufferBytes: number;
}

/** Where a chunk comes from. */
export interface ChunkOrigin {
  /** Name of one of the sources. */
  readonly source: string;
  /** When the chunk was written at the latest: when its file was last changed, or now. */
  readonly writtenUnixMs: number;
  /** What is known of the line at that byte of the chunk besides its text, as of an entry of a journal. */
  readonly entryAt?: (at: number) => EntryTimes | undefined;
}

export interface LogScan {
  /** Memory of the scan: a log that is read into it is not copied. */
  readonly buffer: Buffer;
  /** Chunks of a log come in their order. */
  readonly feed: (chunk: Chunk, origin: ChunkOrigin) => void;
  /** No more chunks of that log will come. */
  readonly end: (log: string) => void;
  readonly counts: Readonly<ScanCounts>;
}

interface ScannedSource {
  readonly source: TextSource;
  /** Of its literals, in the scanner. */
  readonly set: number;
  readonly rules: RuleSet;
}

interface LogState extends ScannedSource {
  readonly teller: LineTeller;
  readonly join: ContainerJoin;
  /** Where a line goes on of which the begin was dealt with, in bytes of the log. */
  restAt: number;
  origin: ChunkOrigin;
}

/** Those of which nothing came for longest are forgotten beyond it. */
const mostLogs = 20_000;
const newline = 0x0a;

export function createLogScan(options: LogScanOptions): LogScan {
  const sources = options.sources.map((source, set) => ({ source, set, rules: ruleSet(source) }));
  const scanner = createLiteralScanner({
    sets: sources.map(({ source, rules }) =>
      source.form === 'container' ? [...rules.literals, ...partialMarks] : rules.literals,
    ),
    bufferBytes: options.bufferBytes,
  });
  const logs = new Map<string, LogState>();
  const counts = noCounts();

  function stateOf(log: string, origin: ChunkOrigin): LogState {
    const known = logs.get(log) ?? begun(origin);
    known.origin = origin;
    // The order of the map is that of when something came.
    logs.delete(log);
    logs.set(log, known);
    const [oldest = log] = logs.keys();
    if (logs.size > mostLogs) {
      counts.forgotten++;
      end(oldest);
    }
    return known;
  }

  function begun(origin: ChunkOrigin): LogState {
    const scanned = sources.find(({ source }) => source.name === origin.source);
    if (scanned === undefined)
      throw new Error(`expected a source to scan for, got ${origin.source}`);
    const clock = createLogClock({ zone: options.zone, bootedAtUnixNs: options.bootedAtUnixNs });
    const hold = options.years === 'at-end';
    const { source } = scanned;
    const teller = createLineTeller({ source, clock, hold, listeners: options, counts });
    return { ...scanned, teller, join: createContainerJoin(), restAt: -1, origin };
  }

  /** Scans whole lines, of which the first is at `at` of the chunk; gives where the next one begins, after one to be joined with it. */
  function scanLines(state: LogState, text: Buffer, at = Number.NaN): number {
    const { source, set, rules, teller, join, origin } = state;
    return scanner.scan(set, text, (begin, lineEnd, literals) => {
      const line = text.subarray(begin, Math.min(lineEnd, begin + longestLineBytes));
      if (lineEnd - begin > longestLineBytes) counts.cut++;
      const mark = literals.some((literal) => literal >= rules.literals.length);
      if (mark && source.form === 'container' && containerLine(line)?.partial === true) {
        join.add(line);
        return false;
      }
      teller.tell(line, candidates(rules, literals), {
        writtenUnixMs: origin.writtenUnixMs,
        entry: origin.entryAt?.(at + begin),
      });
      return true;
    });
  }

  function scanContainer(state: LogState, text: Buffer): void {
    for (let at = 0; at < text.length;) {
      if (!state.join.isOpen()) {
        at += scanLines(state, text.subarray(at));
        continue;
      }
      const lineEnd = endOfLine(text, at);
      const whole = state.join.add(text.subarray(at, lineEnd));
      if (whole !== undefined) scanLines(state, whole);
      at = lineEnd + 1;
    }
  }

  function scanSystem(state: LogState, text: Buffer, at: number): void {
    state.teller.pass(text.subarray(0, endOfLine(text, 0)));
    scanLines(state, text, at);
    const lastAt = text.lastIndexOf(newline, text.length - 2) + 1;
    state.teller.pass(text.subarray(lastAt));
  }

  function end(log: string): void {
    const state = logs.get(log);
    if (state === undefined) return;
    for (const line of state.join.flush()) scanLines(state, line);
    state.teller.end(state.origin.writtenUnixMs);
    logs.delete(log);
  }

  return {
    buffer: scanner.buffer,
    counts,
    end,
    feed(chunk, origin) {
      if (chunk.bytes.length === 0) return;
      const state = stateOf(chunk.log, origin);
      const text = afterRest(state, chunk);
      if (text.length === 0) return;
      if (state.source.form === 'container') scanContainer(state, text);
      else scanSystem(state, text, chunk.bytes.length - text.length);
    },
  };
}

/** What a chunk holds after the rest of a line of which the begin was in the chunk before it. */
function afterRest(state: LogState, { offset, bytes }: Chunk): Buffer {
  const isRest = state.restAt === offset;
  state.restAt = bytes.at(-1) === newline ? -1 : offset + bytes.length;
  return isRest ? bytes.subarray(endOfLine(bytes, 0) + 1) : bytes;
}

function endOfLine(text: Buffer, from: number): number {
  const at = text.indexOf(newline, from);
  return at < 0 ? text.length : at;
}
