import { lineHead } from '../clock/line-head.ts';
import type { LogClock, NotedStamp } from '../clock/log-clock.ts';
import { programStamp, refined } from '../clock/program-time.ts';
import type { Stamp } from '../clock/stamp.ts';
import { zoneNamed } from '../clock/zone.ts';
import type { Occurrence } from '../core/occurrence.ts';
import type { UnitChange, UnitMoment } from '../core/unit-moment.ts';
import { readLine, type ReadLine } from './read-line.ts';
import type { ScanCounts } from './scan-counts.ts';
import type { Rule, Telling, TextSource } from './text-source.ts';
import { unitLine } from './unit-line.ts';

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

/** What is told once its moment is known. */
interface Draft {
  readonly what:
    | { readonly kind: 'event'; readonly event: string; readonly comment?: string }
    | ({ readonly kind: 'unit' } & UnitChange);
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

  function settle({ what, noted, program, entry }: Draft, writtenUnixMs: number): void {
    const moment = clock.momentOf(noted, writtenUnixMs);
    if (moment === undefined) {
      counts.unplaced++;
      return;
    }
    const exact = program === undefined ? moment : refined(moment, program);
    const told = {
      source: source.name,
      ...exact,
      ...timesOf(entry, exact.atUnixNs - moment.atUnixNs),
    };
    if (what.kind === 'unit') listeners.onUnit({ unit: what.unit, phase: what.phase, ...told });
    else {
      const comment = what.comment === undefined ? {} : { comment: what.comment };
      listeners.onOccurrence({ event: what.event, ...told, ...comment });
    }
  }

  function settleAll(writtenUnixMs: number): void {
    for (const draft of held) settle(draft, writtenUnixMs);
    held = [];
  }

  /** Does what needs no moment; gives the rest. */
  function act(telling: Telling, read: ReadLine): Draft['what'] | undefined {
    switch (telling.kind) {
      case 'counter':
        listeners.onCount(telling.metric, source.name);
        return undefined;
      case 'zone': {
        const zone = zoneNamed(changedZone.exec(read.text)?.[1] ?? '');
        if (zone !== undefined) clock.changeZone(zone);
        return undefined;
      }
      case 'event': {
        const comment = telling.tellsLine ? { comment: commentOf(read) } : {};
        return { kind: 'event', event: telling.metric, ...comment };
      }
      case 'unit': {
        const unit = unitLine(read.text);
        return unit && { kind: 'unit', ...unit };
      }
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
        const what = act(telling, read);
        if (what === undefined) continue;
        const draft = { what, noted, entry, program: programStamp(read.line, read.textAt) };
        if (hold && !clock.isSure(noted)) held.push(draft);
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

/** The line may hold a time of its own, a little before that of its entry. */
function timesOf(
  entry: EntryTimes | undefined,
  laterNs: bigint,
): Pick<Occurrence, 'monotonicUs' | 'bootId'> {
  const { monotonicUs, bootId } = entry ?? {};
  return {
    ...(monotonicUs === undefined ? {} : { monotonicUs: monotonicUs + Number(laterNs) / 1000 }),
    ...(bootId === undefined ? {} : { bootId }),
  };
}

function commentOf({ line }: ReadLine): string {
  return line.toString('utf8', 0, Math.min(line.length, longestComment));
}
