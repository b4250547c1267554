import type { Verdict } from '../../shared/mesh/matrix-report.ts';
import type { Family, Labels, Point } from '../../shared/metrics/families.ts';
import { sumSince, type CellSum } from './cell.ts';
import type { MeshBook } from './mesh-book.ts';

/** Every metric of the mesh as a whole; the README's table says the same. */
export const meshMetrics = {
  blame: {
    name: 'kube_latency.rtt.blame',
    unit: '1',
    kind: 'gauge',
    description:
      'Share of probes lost by a node, a link or a pair of zones that is held to be at fault',
  },
  silent: {
    name: 'kube_latency.rtt.silent',
    unit: '1',
    kind: 'gauge',
    description: '1 for a node whose pinger is not heard; of many, the first 200 by name',
  },
  delay: {
    name: 'kube_latency.rtt.zone.delay',
    unit: 's',
    kind: 'gauge',
    description: 'Mean round trip between two zones in the last 60 s',
  },
  delayMin: {
    name: 'kube_latency.rtt.zone.delay.min',
    unit: 's',
    kind: 'gauge',
    description: 'Shortest round trip between two zones in the last 60 s',
  },
  delayMax: {
    name: 'kube_latency.rtt.zone.delay.max',
    unit: 's',
    kind: 'gauge',
    description: 'Longest round trip between two zones in the last 60 s',
  },
  loss: {
    name: 'kube_latency.rtt.zone.loss',
    unit: '1',
    kind: 'gauge',
    description: 'Share of probes between two zones without success in the last 60 s',
  },
} as const;

const maxSilentSeries = 200;

export interface MeshState {
  readonly book: MeshBook;
  readonly verdicts: readonly Verdict[];
  readonly silent: readonly string[];
  readonly nowMs: number;
}

export function meshFamilies({ book, verdicts, silent, nowMs }: MeshState): readonly Family[] {
  const oldest = book.slots().oldest(nowMs);
  const zones = book.roster.zones();
  const sums = [...book.zonePairs()].map(({ from, to, cell }) => ({
    labels: { 'source.zone': zones[from] ?? '', 'destination.zone': zones[to] ?? '' },
    sum: sumSince(cell, oldest),
  }));
  const gauge = (of: (sum: CellSum) => number | undefined): readonly Point<number>[] =>
    sums.flatMap(({ labels, sum }) => {
      const value = of(sum);
      return value === undefined ? [] : [{ labels, value }];
    });
  return [
    {
      ...meshMetrics.blame,
      points: verdicts.map((verdict) => ({ labels: blameLabels(verdict), value: verdict.loss })),
    },
    {
      ...meshMetrics.silent,
      points: silent.slice(0, maxSilentSeries).map((node) => ({ labels: { node }, value: 1 })),
    },
    { ...meshMetrics.delay, points: gauge(({ meanS }) => meanS) },
    { ...meshMetrics.delayMin, points: gauge(({ minS }) => minS) },
    { ...meshMetrics.delayMax, points: gauge(({ maxS }) => maxS) },
    {
      ...meshMetrics.loss,
      points: gauge(({ sent, lost }) => (sent === 0 ? undefined : Math.min(1, lost / sent))),
    },
  ];
}

/** The attributes that name a culprit. */
export function blameLabels(verdict: Verdict): Labels {
  switch (verdict.kind) {
    case 'node':
      return { kind: 'node', node: verdict.node };
    case 'link':
      return { kind: 'link', 'source.node': verdict.from, 'destination.node': verdict.to };
    case 'zones':
      return { kind: 'zones', 'source.zone': verdict.from, 'destination.zone': verdict.to };
  }
}
