import { lossText } from '../../loss-text.ts';
import { linksOf, type Matrix } from '../../matrix.ts';
import { timeText } from '../../time-text.ts';
import { inUnit, unitFor } from '../../value-unit.ts';
import { measured, type Measure } from './measure.ts';

/** Colours from the least to the most; the style sheet has as many. */
export const heats = 7;

/** How the values of a measure become colours and numbers. */
export interface Scale {
  /** Of the numbers: `µs`, `ms`, `%`. */
  readonly unit: string;
  /** Where each colour but the first begins. */
  readonly edges: readonly string[];
  /** 0 to heats - 1. */
  readonly heatOf: (value: number) => number;
  readonly numberOf: (value: number) => string;
}

/** Times that differ less are not spread over all colours. */
const leastRatio = 4;
const lossEdges = [Number.MIN_VALUE, 0.001, 0.01, 0.05, 0.2, 1];

/** Losses have a scale of their own; times one from the shortest to the longest, in equal ratios. */
export function scaleOf(matrix: Matrix, measure: Measure): Scale {
  return measure === 'loss' ? lossScale() : timeScale(matrix, measure);
}

function lossScale(): Scale {
  const [, ...told] = lossEdges;
  return {
    unit: '%',
    edges: ['> 0 %', ...told.map(lossText)],
    heatOf: (value) => heatIn(lossEdges, value),
    numberOf: (value) => lossText(value).replace(/ %$/, ''),
  };
}

function timeScale(matrix: Matrix, measure: Measure): Scale {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const { cell } of linksOf(matrix)) {
    const value = measured(cell, measure);
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const from = Math.max(1e-9, Math.min(least, most));
  const step = Math.max(leastRatio, most / from) ** (1 / heats);
  const edges = Array.from({ length: heats - 1 }, (_, index) => from * step ** (index + 1));
  const unit = unitFor(most, 'µ');
  return {
    unit: unit.name,
    edges: edges.map((edge) => timeText(Number(edge.toPrecision(2)))),
    heatOf: (value) => heatIn(edges, value),
    numberOf: (value) => inUnit(value, unit),
  };
}

function heatIn(edges: readonly number[], value: number): number {
  return edges.filter((edge) => value >= edge).length;
}
