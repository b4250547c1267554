import type { MatrixCell, MatrixReport } from '../../receivers/shared/mesh/matrix-report.ts';

/** A node, or a zone of which all is within it. */
export interface Member {
  readonly name: string;
  readonly zone: string;
}

/** Who probes whom, in the order in which it is drawn: by zone, then by name. */
export interface Matrix {
  readonly of: 'node' | 'zone';
  readonly members: readonly Member[];
  readonly cellAt: (from: number, to: number) => MatrixCell | undefined;
}

/** A cell with who it is between. */
export interface Link {
  /** Places among the matrix' members. */
  readonly from: number;
  readonly to: number;
  readonly cell: MatrixCell;
}

export function nodeMatrix({ nodes, pairs }: MatrixReport): Matrix {
  return matrixOf('node', nodes, pairs);
}

export function zoneMatrix({ zones, zonePairs }: MatrixReport): Matrix {
  const members = zones.map((name) => ({ name, zone: name }));
  return matrixOf('zone', members, zonePairs);
}

/** Every cell that there is, row by row. */
export function linksOf({ members, cellAt }: Matrix): Link[] {
  return members.flatMap((_, from) =>
    members.flatMap((__, to): Link[] => {
      const cell = cellAt(from, to);
      return cell === undefined ? [] : [{ from, to, cell }];
    }),
  );
}

export function hasCells({ pairs, zonePairs }: MatrixReport): boolean {
  return pairs.length > 0 || zonePairs.length > 0;
}

/** Whose matrix is to be seen: that of the nodes where the mesh is small enough that it is kept. */
export function widestMatrix(report: MatrixReport): Matrix {
  return report.pairs.length > 0 ? nodeMatrix(report) : zoneMatrix(report);
}

function matrixOf(
  of: Matrix['of'],
  listed: readonly Member[],
  cells: readonly MatrixCell[],
): Matrix {
  const collator = new Intl.Collator('en', { numeric: true });
  const order = listed
    .map(({ name, zone }, place) => ({ name, zone, place }))
    .toSorted((a, b) => collator.compare(a.zone, b.zone) || collator.compare(a.name, b.name));
  const drawnAt = new Map(order.map(({ place }, drawn) => [place, drawn]));
  const size = listed.length;
  const byPlace = new Map(
    cells.map((cell) => [(drawnAt.get(cell.from) ?? 0) * size + (drawnAt.get(cell.to) ?? 0), cell]),
  );
  return {
    of,
    members: order.map(({ name, zone }) => ({ name, zone })),
    cellAt: (from, to) => byPlace.get(from * size + to),
  };
}
