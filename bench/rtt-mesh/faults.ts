import type { Verdict } from '../../receivers/shared/mesh/matrix-report.ts';

/** What is at fault in a simulated mesh; nodes by their place in the ring, zones by number. */
export interface Faults {
  /** Each probe from it or to it is lost with this chance. */
  readonly node?: { readonly at: number; readonly loss: number };
  /** A directed pair that loses every probe. */
  readonly link?: { readonly from: number; readonly to: number };
  readonly zones?: { readonly from: number; readonly to: number; readonly loss: number };
}

export interface SimulatedNode {
  readonly name: string;
  readonly zone: string;
  readonly zoneNumber: number;
}

/** Losses where nothing is at fault. */
export const backgroundLoss = 1e-4;

/** With which chance a probe from one place to another is lost. */
export function lossOf(
  { node, link, zones }: Faults,
  nodes: readonly SimulatedNode[],
): (from: number, to: number) => number {
  const zoneOf = Uint16Array.from(nodes, ({ zoneNumber }) => zoneNumber);
  return (from, to) => {
    if (link?.from === from && link.to === to) return 1;
    let loss = backgroundLoss;
    if (node !== undefined && (node.at === from || node.at === to)) loss += node.loss;
    if (zones !== undefined && zoneOf[from] === zones.from && zoneOf[to] === zones.to)
      loss += zones.loss;
    return loss;
  };
}

/** Whether a verdict names one of the faults. */
export function isTrue(verdict: Verdict, faults: Faults, nodes: readonly SimulatedNode[]): boolean {
  const name = (place: number | undefined): string | undefined => nodes[place ?? -1]?.name;
  const zone = (number: number | undefined): string | undefined =>
    nodes.find(({ zoneNumber }) => zoneNumber === number)?.zone;
  switch (verdict.kind) {
    case 'node':
      return verdict.node === name(faults.node?.at);
    case 'link':
      return verdict.from === name(faults.link?.from) && verdict.to === name(faults.link?.to);
    case 'zones':
      return verdict.from === zone(faults.zones?.from) && verdict.to === zone(faults.zones?.to);
  }
}
