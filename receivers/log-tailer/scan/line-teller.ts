import { lineHead } from '../clock/line-head.ts';
import type { LogClock, NotedStamp } from '../clock/log-clock.ts';
import { programStamp, refined } from '../clock/program-time.ts';
import type { Stamp } from '../clock/stamp.ts';
import { zoneNamed } from '../clock/zone.ts';
import type { Occurrence } from '../core/occurrence.ts';
import { readLine, type ReadLine } from './read-line.ts';
import type { ScanCounts } from './scan-counts.ts';
import type { Rule, Telling, TextSource } from './text-source.ts';
import { unitLine } from './unit-line.ts';
import type { UnitMoment } from './unit-moment.ts';

export interface Listeners {
  readonly onOccurrence: (occurrence: Occurrence) => void;
  readonly onUnit: (unit: UnitMoment) => void;
  readonly onCount: (metric: string, source: string) => void;
}

export interface LineTellerOptions {
  readonly source: TextSource;
  readonly clock: LogClock;
  /** Stamps without a year wait for the log's end. */
  readonly hold: boolean;
  readonly listeners: Listeners;
  readonly counts: ScanCounts;
}

/** What a journal knows of an entry. */
export interface EntryTimes {
  readonly monotonicUs: number | undefined;
  /** 32 hexadecimal digits. */
  readonly bootId: string | undefined;
}

export interface LineOrigin {
  /** When the line was written at the latest. */
  readonly writtenUnixMs: number;
  readonly entry: EntryTimes | undefined;
}

/** Tells what the lines of one log say. */
export interface LineTeller {
  /** Takes a line that may match some rules. */
  readonly tell: (line: Buffer, rules: readonly Rule[], origin: LineOrigin) => void;
  /** Takes a line that matches nothing, so that new years are not missed. */
  readonly pass: (line: Buffer) => void;
  readonly end: (writtenUnixMs: number) => void;
}

interface Draft {
  readonly telling: Exclude<Telling, { kind: 'counter' | 'zone' }>;
  readonly read: ReadLine;
  readonly noted: NotedStamp;
  readonly program: Stamp | undefined;
  readonly entry: EntryTimes | undefined;
}

/** Beyond it, years are settled by what is known. */
const mostHeld = 10_000;
const longestComment = 1024;
const changedZone = /Changed time zone to '([^']{1,64})'/;

export function createLineTeller(options: LineTellerOptions): LineTeller {
  const { source, clock, hold, listeners, counts } = options;
  let held: Draft[] = [];

  function settle({ telling, read, noted, program, entry }: Draft, writtenUnixMs: number): void {
    const moment = clock.momentOf(noted, writtenUnixMs);
    if (moment === undefined) {
      counts.unplaced++;
      return;
    }
    const exact = program === undefined ? moment : refined(moment, program);
    const told = { source: source.name, ...exact, ...timesOf(entry) };
    if (telling.kind === 'event') {
      const comment = telling.tellsLine ? { comment: commentOf(read) } : {};
      listeners.onOccurrence({ event: telling.metric, ...told, ...comment });
    } else {
      const unit = unitLine(read.text);
      if (unit !== undefined) listeners.onUnit({ ...told, ...unit });
    }
  }

  function settleAll(writtenUnixMs: number): void {
    for (const draft of held) settle(draft, writtenUnixMs);
    held = [];
  }

  function act(
    telling: Telling,
    { read, noted, entry }: Omit<Draft, 'telling' | 'program'>,
  ): Draft | undefined {
    switch (telling.kind) {
      case 'counter':
        listeners.onCount(telling.metric, source.name);
        return undefined;
      case 'zone': {
        const zone = zoneNamed(changedZone.exec(read.text)?.[1] ?? '');
        if (zone !== undefined) clock.changeZone(zone);
        return undefined;
      }
      case 'event':
      case 'unit':
        return { telling, read, noted, entry, program: programStamp(read.line, read.textAt) };
    }
  }

  return {
    tell(line, rules, { writtenUnixMs, entry }) {
      const read = readLine(line, source.form);
      const matching = rules.filter(({ pattern }) => pattern.matches(read.text));
      if (matching.length === 0) return;
      if (read.stamp === undefined) {
        counts.unstamped++;
        return;
      }
      counts.told++;
      const noted = clock.note(read.stamp);
      for (const { telling } of matching) {
        const draft = act(telling, { read, noted, entry });
        if (draft === undefined) continue;
        if (hold && !clock.isSure(noted)) held.push(kept(draft));
        else settle(draft, writtenUnixMs);
      }
      if (held.length > mostHeld) settleAll(writtenUnixMs);
    },
    pass(line) {
      const stamp = source.form === 'system' ? lineHead(line)?.stamp : undefined;
      if (stamp !== undefined) clock.note(stamp);
    },
    end: settleAll,
  };
}

function timesOf(entry: EntryTimes | undefined): Pick<Occurrence, 'monotonicUs' | 'bootId'> {
  const { monotonicUs, bootId } = entry ?? {};
  return {
    ...(monotonicUs === undefined ? {} : { monotonicUs }),
    ...(bootId === undefined ? {} : { bootId }),
  };
}

/** The line's bytes are good only until it has been dealt with. */
function kept(draft: Draft): Draft {
  const { read } = draft;
  return { ...draft, read: { ...read, line: Buffer.from(read.line.subarray(0, longestComment)) } };
}

function commentOf({ line }: ReadLine): string {
  return line.toString('utf8', 0, Math.min(line.length, longestComment));
}
