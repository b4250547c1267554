import { stretchMs } from '../../../../receivers/shared/mesh/tally-limits.ts';
import type { MeshPlace, TallyReport } from '../../../../receivers/shared/mesh/tally-report.ts';
import {
  createMeshBook,
  type MeshBook,
} from '../../../../receivers/rtt-aggregator/core/mesh-book.ts';

export function place(node: string, zone = '', more: Partial<MeshPlace> = {}): MeshPlace {
  return { node, zone, rack: '', namespace: '', pod: '', ...more };
}

export type Row = TallyReport['stretches'][number]['rows'][number];

/** Probes of one pair in one stretch; those that were answered took a millisecond each. */
export function row(destination: number, sent: number, lost: number): Row {
  const timed = sent - lost;
  return timed === 0
    ? [destination, sent, lost, 0, 0, null, null, null]
    : [destination, sent, lost, timed, timed * 0.001, 0.0005, 0.002, 0.001];
}

export function report(source: MeshPlace, more: Partial<TallyReport> = {}): TallyReport {
  return {
    version: 1,
    protocol: 'icmp',
    source,
    full: true,
    intervalMs: 1000,
    destinations: [],
    stretches: [],
    convicted: [],
    ...more,
  };
}

/** A beginning in the middle of a stretch. */
export const startMs = 1_800_000_000_000 + stretchMs / 2;

/** A mesh of nodes that all probe each other five times a stretch, by the clock of the test. */
export interface SmallMesh {
  readonly book: MeshBook;
  /** Plays stretches; the share that a pair loses is asked for each. */
  readonly play: (
    stretches: number,
    lossOf: (from: string, to: string) => number,
    heard?: (node: string) => boolean,
  ) => void;
  readonly nowMs: () => number;
}

export function smallMesh(zones: Readonly<Record<string, string>>, maxNodes = 200): SmallMesh {
  const book = createMeshBook(maxNodes);
  const places = Object.entries(zones).map(([node, zone]) => place(node, zone));
  let nowMs = startMs;
  return {
    book,
    nowMs: () => nowMs,
    play: (stretches, lossOf, heard = () => true) => {
      for (let played = 0; played < stretches; played++) {
        const number = Math.floor(nowMs / stretchMs);
        nowMs += stretchMs;
        for (const source of places.filter(({ node }) => heard(node))) {
          const destinations = places.filter(({ node }) => node !== source.node);
          const rows = destinations.map(({ node }, index) =>
            row(index, 5, Math.round(5 * lossOf(source.node, node))),
          );
          book.take(report(source, { destinations, stretches: [{ number, rows }] }), 0, nowMs);
        }
        book.sweep(nowMs);
      }
    },
  };
}
