import { holds, type Benchmark, type Figure, type Measured } from './figure.ts';

/** The machine-readable form: medians under `ours` and `peers`, everything measured under `spread`. */
export function toJson({ name, conditions, figures }: Benchmark): string {
  const rows = figures.map((figure) => ({
    figure: figure.figure,
    unit: figure.unit,
    ours: figure.ours.median,
    peers: mapValues(figure.peers, ({ median }) => median),
    goal: figure.goal === null ? null : goalText(figure),
    holds: holds(figure),
    spread: { ours: figure.ours, peers: figure.peers },
  }));
  return JSON.stringify({ name, conditions, figures: rows }, null, 2);
}

export function toTable({ name, conditions, figures }: Benchmark): string {
  const head = ['figure', 'unit', 'ours', 'peers', 'ratio ours/peer', 'goal', 'holds'];
  const rows = figures.map((figure) => [
    figure.figure,
    figure.unit,
    withSpread(figure.ours),
    Object.entries(figure.peers).map(([peer, value]) => `${peer} ${withSpread(value)}`),
    Object.values(figure.peers).map((peer) => round(figure.ours.median / peer.median)),
    figure.goal === null ? '-' : goalText(figure),
    { true: 'yes', false: 'NO', null: '-' }[String(holds(figure)) as 'true' | 'false' | 'null'],
  ]);
  const cells = [head, ...rows].map((row) =>
    row.map((cell) => (typeof cell === 'string' ? cell : cell.join('; ') || '-')),
  );
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [name, ...conditions.map((condition) => `  ${condition}`), '', ...lines].join('\n');
}

function goalText({ goal, unit }: Figure): string {
  if (goal === null) return '';
  return 'atMost' in goal ? `<= ${goal.atMost} ${unit}` : `>= ${goal.atLeast} ${unit}`;
}

function withSpread({ median, min, max, runs }: Measured): string {
  return runs === 1 ? round(median) : `${round(median)} (${round(min)}..${round(max)}, n=${runs})`;
}

function round(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function mapValues<T, U>(
  values: Readonly<Record<string, T>>,
  change: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
