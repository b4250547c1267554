import type { MatrixReport } from '../../../../receivers/shared/mesh/matrix-report.ts';
import { nodeMatrix, zoneMatrix, type Matrix } from '../../matrix.ts';

/** What the page is drawn from. */
export interface MeshModel {
  readonly report: MatrixReport;
  /** Undefined where the mesh is too large to be kept pair by pair. */
  readonly nodes: Matrix | undefined;
  /** Undefined where nothing is kept zone by zone. */
  readonly zones: Matrix | undefined;
}

export function meshModel(report: MatrixReport): MeshModel {
  return {
    report,
    nodes: report.pairs.length > 0 ? nodeMatrix(report) : undefined,
    zones: report.zonePairs.length > 0 ? zoneMatrix(report) : undefined,
  };
}

const nobody: Matrix = { of: 'node', members: [], cellAt: () => undefined };

/** The matrix of what is asked for where there is one, else the other. */
export function matrixOf({ nodes, zones }: MeshModel, of: Matrix['of']): Matrix {
  return (of === 'zone' ? (zones ?? nodes) : (nodes ?? zones)) ?? nobody;
}
