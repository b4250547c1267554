import { stretchesKept, stretchMs } from '../../shared/mesh/tally-limits.ts';
import type { MeshPlace, TallyReport } from '../../shared/mesh/tally-report.ts';
import { addRow, createCell, isCurrent, type Cell } from './cell.ts';
import { createRoster, type Roster } from './roster.ts';
import { createSentAndLost, type SentAndLost } from './sent-losses.ts';
import { medianOf, slotsFor, type Slots } from './slots.ts';

/** More nodes than that are not counted. */
const maxMembers = 20_000;
/** A pinger's clock may be ahead of ours by so many stretches. */
export const mostAhead = 2;

/** Why rows of a report were not counted. */
export const dropReasons = ['no_place', 'too_old', 'too_many_losses'] as const;
export type DropReason = (typeof dropReasons)[number];

/** What a report brought. */
export interface Taken {
  /** The newest stretch that is counted now: the next report is to follow it. */
  readonly after: number;
  /** `clock_ahead`: none of its stretches is of our time. */
  readonly kind: 'taken' | 'clock_ahead';
}

/** One directed pair of members or of zones. */
export interface CellOf {
  readonly from: number;
  readonly to: number;
  readonly cell: Cell;
}

/** What all pingers together told of the last 60 s, or of three of their intervals where these are longer. */
export interface MeshBook {
  readonly roster: Roster;
  readonly counted: SentAndLost;
  /** Counts what a report has of stretches after a number. */
  readonly take: (report: TallyReport, after: number, nowMs: number) => Taken;
  /** A node of which a pinger is wanted, whether or not it is heard. */
  readonly expect: (place: MeshPlace, nowMs: number) => void;
  /** Links that pingers hold to be at fault by probing them again and again. */
  readonly convicted: () => Iterable<{ readonly from: number; readonly to: number }>;
  /** Pairs of nodes; none where there are more nodes than are kept by pair. */
  readonly pairs: () => Iterable<CellOf>;
  readonly zonePairs: () => Iterable<CellOf>;
  /** Whether every pair is probed in each interval, by all pingers that were heard. */
  readonly full: () => boolean;
  /** Whether pairs are kept: the mesh is small enough. */
  readonly byPair: () => boolean;
  /** How the past is counted, which the pingers' interval says. It changes by sweeps alone, and with it all begins anew. */
  readonly slots: () => Slots;
  /** Forgets what is too old. */
  readonly sweep: (nowMs: number) => void;
  readonly protocol: () => string;
  readonly rows: () => number;
  readonly dropped: () => ReadonlyMap<DropReason, number>;
}

/** Pairs have numbers of their own below 2^53. */
const pairBase = 2 ** 20;

export function createMeshBook(maxNodes: number): MeshBook {
  const roster = createRoster(maxMembers);
  const counted = createSentAndLost();
  let pairs = new Map<number, Cell>();
  const zonePairs = new Map<number, Cell>();
  const convictions = new Map<number, { readonly to: Int32Array; readonly atMs: number }>();
  const byPlan = new Set<number>();
  const intervals = new Map<number, number>();
  let slots = slotsFor(0);
  const dropped = new Map<DropReason, number>();
  let protocol = '';
  let rows = 0;

  function drop(reason: DropReason, many: number): void {
    if (many > 0) dropped.set(reason, (dropped.get(reason) ?? 0) + many);
  }

  function cellOf(cells: Map<number, Cell>, from: number, to: number): Cell {
    const key = from * pairBase + to;
    let cell = cells.get(key);
    if (cell === undefined) cells.set(key, (cell = createCell()));
    return cell;
  }

  function byPair(): boolean {
    return roster.size() <= maxNodes;
  }

  /** Numbers of slots of other lengths say nothing to each other. */
  function reslot(): void {
    const intervalMs = medianOf([...intervals.values()]) ?? 0;
    if (intervalMs === slots.intervalMs) return;
    const before = slots;
    slots = slotsFor(intervalMs);
    if (slots.windowMs === before.windowMs) return;
    pairs = new Map();
    zonePairs.clear();
    counted.clear();
  }

  function takeStretch(
    { number: stretch, rows: taken }: TallyReport['stretches'][number],
    from: number,
    destinations: readonly number[],
  ): void {
    const number = slots.of(stretch);
    const judged = counted.hasRoom(number);
    if (!judged) drop('too_many_losses', taken.length);
    const fromZone = roster.at(from)?.zone ?? 0;
    for (const row of taken) {
      const [place, sent, lost] = row;
      const to = destinations[place] ?? -1;
      const toZone = roster.at(to)?.zone;
      if (toZone === undefined) {
        drop('no_place', 1);
        continue;
      }
      // Another pod on the same node says nothing of the network between nodes.
      if (to === from) continue;
      rows++;
      if (judged)
        counted.add(
          number,
          { from, to, sent, lost: Math.min(lost, sent) },
          { from: fromZone, to: toZone },
        );
      addRow(cellOf(zonePairs, fromZone, toZone), number, row);
      if (byPair()) addRow(cellOf(pairs, from, to), number, row);
    }
  }

  return {
    roster,
    counted,
    take: (report, after, nowMs) => {
      const current = Math.floor(nowMs / stretchMs);
      const source = roster.number(report.source, nowMs);
      const destinations = report.destinations.map((place) => roster.number(place, nowMs));
      const member = roster.at(source);
      if (member === undefined) {
        drop('no_place', report.stretches.length);
        return { kind: 'taken', after };
      }
      member.heardMs = nowMs;
      intervals.set(source, report.intervalMs);
      protocol = report.protocol;
      if (report.full) byPlan.delete(source);
      else byPlan.add(source);
      convictions.set(source, {
        to: Int32Array.from(report.convicted, (place) => destinations[place] ?? -1),
        atMs: nowMs,
      });
      const ours = report.stretches.filter(({ number }) => number <= current + mostAhead);
      let newest = after;
      for (const stretch of ours) {
        if (stretch.number <= newest) continue;
        newest = stretch.number;
        if (slots.of(stretch.number) > slots.of(current) - stretchesKept)
          takeStretch(stretch, source, destinations);
        else drop('too_old', stretch.rows.length);
      }
      const ahead = report.stretches.length > 0 && ours.length === 0;
      return { kind: ahead ? 'clock_ahead' : 'taken', after: newest };
    },
    expect: (place, nowMs) => void roster.number(place, nowMs),
    convicted: function* convicted() {
      for (const [from, { to }] of convictions)
        for (const each of to) if (roster.at(each) !== undefined) yield { from, to: each };
    },
    pairs: () => (byPair() ? cellsOf(pairs) : []),
    zonePairs: () => cellsOf(zonePairs),
    full: () => byPlan.size === 0,
    byPair,
    slots: () => slots,
    sweep: (nowMs) => {
      for (const source of intervals.keys())
        if (roster.at(source) === undefined) intervals.delete(source);
      reslot();
      const oldest = slots.oldest(nowMs);
      // Whoever is counted was named; a stretch more, for what is on its way.
      roster.forget(nowMs - slots.windowMs - (mostAhead + 1) * stretchMs);
      for (const [from, { atMs }] of convictions)
        if (atMs < nowMs - slots.windowMs || roster.at(from) === undefined)
          convictions.delete(from);
      for (const source of byPlan) if (roster.at(source) === undefined) byPlan.delete(source);
      if (!byPair()) pairs = new Map();
      for (const kept of [pairs, zonePairs])
        for (const [key, cell] of kept) if (!isCurrent(cell, oldest)) kept.delete(key);
    },
    protocol: () => protocol,
    rows: () => rows,
    dropped: () => dropped,
  };
}

function* cellsOf(kept: ReadonlyMap<number, Cell>): Generator<CellOf> {
  for (const [key, cell] of kept)
    yield { from: Math.floor(key / pairBase), to: key % pairBase, cell };
}
