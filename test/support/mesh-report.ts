import type { MatrixCell, MatrixReport } from '../../receivers/shared/mesh/matrix-report.ts';

export interface MeshShape {
  readonly nodes: number;
  readonly zones?: number;
  /** Name of a node or a zone; the default has the width of real ones. */
  readonly nameOf?: (index: number) => string;
  readonly zoneOf?: (index: number) => string;
}

const madeAtMs = Date.UTC(2026, 10, 21, 9, 37, 9, 500);
const sent = 60;

/**
 * A mesh in which every round trip is a number of its own that follows from the places of its nodes, nothing is lost and
 * nothing is at fault; `changes` are laid over it.
 */
export function meshReport(shape: MeshShape, changes: Partial<MatrixReport> = {}): MatrixReport {
  const { nodes, zones = 1, nameOf = nodeName, zoneOf = zoneName } = shape;
  return {
    version: 1,
    protocol: 'icmp',
    atMs: madeAtMs,
    windowMs: 60_000,
    nodes: Array.from({ length: nodes }, (_, index) => ({
      name: nameOf(index),
      zone: zoneOf(index % zones),
      rack: '',
    })),
    zones: Array.from({ length: zones }, (_, index) => zoneOf(index)),
    pairs:
      changes.pairs ??
      cellsOf(nodes, (from, to) => (from === to ? undefined : pair(from, to, zones))),
    zonePairs: cellsOf(zones, (from, to) => meshCell(from, to, from === to ? 120e-6 : 900e-6)),
    silent: [],
    verdicts: [],
    ...changes,
  };
}

/** One cell with a mean and what goes with it. */
export function meshCell(
  from: number,
  to: number,
  meanS: number,
  changes: Partial<MatrixCell> = {},
): MatrixCell {
  const others = { minS: meanS * 0.8, maxS: meanS * 3, lastS: meanS * 1.1 };
  return { from, to, sent, lost: 0, meanS, ...others, ...changes };
}

/** The same cells, one of which is another now. */
export function withCell(
  { pairs }: MatrixReport,
  from: number,
  to: number,
  changes: Partial<MatrixCell>,
): MatrixCell[] {
  return pairs.map((cell) =>
    cell.from === from && cell.to === to ? { ...cell, ...changes } : cell,
  );
}

/** What a cell is of which every probe was lost. */
export const allLost = { lost: sent, meanS: null, minS: null, maxS: null, lastS: null };

function nodeName(index: number): string {
  return `worker-${index + 1}`;
}

function zoneName(index: number): string {
  return `zone-${'abcdefghijklmnopqrstuvwxyz'[index] ?? index}`;
}

function pair(from: number, to: number, zones: number): MatrixCell {
  const apartS = from % zones === to % zones ? 0 : 800e-6;
  return meshCell(from, to, 100e-6 + apartS + ((from * 7 + to * 3) % 20) * 1e-6);
}

function cellsOf(
  size: number,
  cell: (from: number, to: number) => MatrixCell | undefined,
): MatrixCell[] {
  return Array.from({ length: size * size }, (_, index) =>
    cell(Math.floor(index / size), index % size),
  ).flatMap((made) => made ?? []);
}
