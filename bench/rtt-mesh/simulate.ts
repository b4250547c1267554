import {
  findBlame,
  type Blame,
  type MeshShape,
} from '../../receivers/rtt-aggregator/core/blame.ts';
import { planRound } from '../../receivers/rtt-pinger/core/topology/plan.ts';
import { ringOf } from '../../receivers/rtt-pinger/core/topology/ring.ts';
import { createSuspicion } from '../../receivers/rtt-pinger/core/topology/suspicion.ts';

export interface Faults {
  /** A node by its place: each probe from it or to it is lost with this chance. */
  readonly node?: { readonly at: number; readonly loss: number };
  /** A directed pair that loses every probe. */
  readonly link?: { readonly from: number; readonly to: number };
  readonly zones?: { readonly from: number; readonly to: number; readonly loss: number };
}

export interface MeshOptions {
  readonly nodes: number;
  readonly zones: number;
  readonly seconds: number;
  readonly faults: Faults;
  readonly random: () => number;
}

export interface MeshResult {
  /** Seconds until each was found; undefined: not found. */
  readonly nodeFoundS: number | undefined;
  readonly linkFoundS: number | undefined;
  readonly zonesFoundS: number | undefined;
  /** Verdicts, one for each culprit named at each look, and those that name one who is innocent. */
  readonly verdicts: number;
  readonly wrong: number;
  /** Innocent nodes, links and pairs of zones that were ever named. */
  readonly falselyBlamed: number;
  readonly mostProbesPerSecond: number;
  readonly meanProbesPerSecond: number;
  readonly mostSuspects: number;
}

export const meshRules = {
  plan: { steady: 6, sweep: 10 },
  suspicion: { confirmations: 5, most: 20 },
  round: { perRound: 4, restRounds: 10 },
  blame: { usualLoss: 2e-4, evidence: 12 },
} as const;
/** Losses where nothing is at fault. */
export const backgroundLoss = 1e-4;
/** Verdicts look at so much of the past, so often. */
const windowS = 60;
const lookEveryS = 5;

/** A mesh in which a round takes a second, by the plan, the suspicion and the verdicts that the pinger has. */
export function simulateMesh(options: MeshOptions): MeshResult {
  const { nodes, zones, seconds, faults, random } = options;
  const members = ringOf(
    Array.from({ length: nodes }, (_, index) => ({
      name: `node-${index}`,
      zone: `zone-${String(index % zones).padStart(3, '0')}`,
    })),
  );
  const zoneOf = Int32Array.from(members, ({ zone }) => Number(zone.slice(5)));
  const shape: MeshShape = { zoneOf, zones };
  const suspicions = members.map(() => createSuspicion<number>(meshRules.suspicion));
  const stretches: Stretch[] = [];
  const named = new Set<string>();
  const result = { verdicts: 0, wrong: 0, total: 0, mostProbes: 0, mostSuspects: 0 };
  let found: { node?: number; link?: number; zones?: number } = {};

  function lossOf(from: number, to: number): number {
    const { node, link, zones: pair } = faults;
    if (link?.from === from && link.to === to) return 1;
    let loss = backgroundLoss;
    if (node !== undefined && (node.at === from || node.at === to)) loss += node.loss;
    if (pair !== undefined && zoneOf[from] === pair.from && zoneOf[to] === pair.to)
      loss += pair.loss;
    return loss;
  }

  function probe(from: number, to: number, stretch: Stretch): void {
    const lost = random() < lossOf(from, to);
    const [toZone, fromZone] = [from * zones + (zoneOf[to] ?? 0), to * zones + (zoneOf[from] ?? 0)];
    stretch.sentToZone[toZone] = (stretch.sentToZone[toZone] ?? 0) + 1;
    stretch.sentFromZone[fromZone] = (stretch.sentFromZone[fromZone] ?? 0) + 1;
    if (lost) stretch.losses.push({ from, to });
    suspicions[from]?.note(to, lost);
  }

  function look(second: number): void {
    const convicted = suspicions.flatMap((suspicion, from) =>
      suspicion.convicted().map(({ key }) => ({ from, to: key })),
    );
    const convictedKeys = new Set(convicted.map(({ from, to }) => `${from}>${to}`));
    const tally = merged(
      stretches,
      nodes * zones,
      (loss) => !convictedKeys.has(`${loss.from}>${loss.to}`),
    );
    const blames = findBlame(shape, tally, meshRules.blame);
    for (const blame of blames) judge(nameOf(blame), isTrue(blame, faults), blame.kind, second);
    for (const { from, to } of convicted) {
      const isLink = faults.link?.from === from && faults.link.to === to;
      judge(`link ${from} ${to}`, isLink, 'link', second);
    }
  }

  function judge(
    name: string,
    right: boolean,
    kind: 'node' | 'zones' | 'link',
    second: number,
  ): void {
    result.verdicts++;
    if (right) found = { [kind]: second, ...found };
    else {
      result.wrong++;
      named.add(name);
    }
  }

  for (let second = 1; second <= seconds; second++) {
    if (second % lookEveryS === 1) {
      stretches.push({
        sentToZone: new Float64Array(nodes * zones),
        sentFromZone: new Float64Array(nodes * zones),
        losses: [],
      });
      if (stretches.length > windowS / lookEveryS) stretches.shift();
    }
    const stretch = stretches.at(-1);
    if (stretch === undefined) break;
    for (let from = 0; from < nodes; from++) {
      const again = suspicions[from]?.round(meshRules.round) ?? [];
      const { steady, sweep } = planRound(
        from,
        { size: nodes, zones },
        { rules: meshRules.plan, round: second },
      );
      for (const list of [steady, sweep, again]) for (const to of list) probe(from, to, stretch);
      const probes = steady.length + sweep.length + again.length;
      result.total += probes;
      result.mostProbes = Math.max(result.mostProbes, probes);
      result.mostSuspects = Math.max(result.mostSuspects, again.length);
    }
    if (second % lookEveryS === 0) look(second);
  }
  return {
    nodeFoundS: found.node,
    linkFoundS: found.link,
    zonesFoundS: found.zones,
    verdicts: result.verdicts,
    wrong: result.wrong,
    falselyBlamed: named.size,
    mostProbesPerSecond: result.mostProbes,
    meanProbesPerSecond: result.total / (nodes * seconds),
    mostSuspects: result.mostSuspects,
  };
}

interface Stretch {
  readonly sentToZone: Float64Array;
  readonly sentFromZone: Float64Array;
  readonly losses: { readonly from: number; readonly to: number }[];
}

function merged(
  stretches: readonly Stretch[],
  size: number,
  counts: (loss: { from: number; to: number }) => boolean,
): Stretch {
  const [sentToZone, sentFromZone] = [new Float64Array(size), new Float64Array(size)];
  for (const stretch of stretches)
    for (let index = 0; index < size; index++) {
      sentToZone[index] = (sentToZone[index] ?? 0) + (stretch.sentToZone[index] ?? 0);
      sentFromZone[index] = (sentFromZone[index] ?? 0) + (stretch.sentFromZone[index] ?? 0);
    }
  return {
    sentToZone,
    sentFromZone,
    losses: stretches.flatMap(({ losses }) => losses.filter(counts)),
  };
}

function nameOf(blame: Blame): string {
  return blame.kind === 'node' ? `node ${blame.node}` : `${blame.kind} ${blame.from} ${blame.to}`;
}

function isTrue(blame: Blame, { node, zones }: Faults): boolean {
  if (blame.kind === 'node') return blame.node === node?.at;
  return blame.from === zones?.from && blame.to === zones.to;
}
