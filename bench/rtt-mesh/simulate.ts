import { createAskingPace, untilLookMs } from '../../receivers/rtt-aggregator/core/asking-pace.ts';
import { countedOnce } from '../../receivers/rtt-aggregator/core/counted-once.ts';
import { createJudging } from '../../receivers/rtt-aggregator/core/judging.ts';
import { createMeshBook } from '../../receivers/rtt-aggregator/core/mesh-book.ts';
import { findingKey } from '../../receivers/rtt-aggregator/core/finding.ts';
import { configSchema as aggregatorSchema } from '../../receivers/rtt-aggregator/schema.ts';
import { chooseMesh } from '../../receivers/rtt-pinger/core/topology/choice.ts';
import { ringOf } from '../../receivers/rtt-pinger/core/topology/ring.ts';
import { configSchema as pingerSchema } from '../../receivers/rtt-pinger/schema.ts';
import { stretchMs } from '../../receivers/shared/mesh/tally-limits.ts';
import { isTrue, lossOf, type Faults, type SimulatedNode } from './faults.ts';
import { createSimulatedPinger } from './simulated-pinger.ts';

export interface MeshOptions {
  /** More than the aggregator keeps by pair. */
  readonly nodes: number;
  readonly zones: number;
  readonly seconds: number;
  readonly faults: Faults;
  readonly random: () => number;
}

export interface MeshResult {
  /** Seconds until the verdict on each was there; undefined: it never was. */
  readonly found: Readonly<Partial<Record<'node' | 'link' | 'zones', number>>>;
  /** Verdicts that stood, one for each culprit at each look, and those of them that name one who is innocent. */
  readonly verdicts: number;
  readonly wrong: number;
  /** Innocent nodes, links and pairs of zones that were ever named. */
  readonly falselyBlamed: number;
  readonly mostProbesPerSecond: number;
  readonly meanProbesPerSecond: number;
}

const secondMs = 1000;
/** When the simulation begins: a stretch does, too. */
const epochMs = 340_000_000 * stretchMs;

/** How the pingers choose whom to probe, with the defaults of their configuration. */
export function defaultChoice(
  nodes: number,
): Extract<ReturnType<typeof chooseMesh>, { kind: 'bounded' }> {
  const { interval, mesh, budget } = pingerSchema.parse({});
  const limits = { ...mesh, probesPerSecond: budget.probesPerSecond };
  const choice = chooseMesh(nodes - 1, interval, limits);
  if (choice.kind === 'full')
    throw new RangeError(`expected more nodes than ${mesh.full}, got ${nodes}`);
  return choice;
}

/**
 * A mesh in which each round takes a second. The pingers have the plan and the suspicion of the real ones; what they tell is asked
 * at the pace of the aggregator, counted in its book, and judged as it judges, all with the defaults of their configurations.
 */
export function simulateMesh(options: MeshOptions): MeshResult {
  const { seconds, faults, random } = options;
  const nodes = nodesOf(options);
  const config = aggregatorSchema.parse({});
  const book = createMeshBook(config.maxNodes);
  const take = countedOnce(book.take);
  const judging = createJudging(book, config.usualLoss);
  const pace = createAskingPace(config.interval);
  const chance = lossOf(faults, nodes);
  const places = nodes.map(({ name, zone }) => ({
    node: name,
    zone,
    rack: '',
    namespace: '',
    pod: '',
  }));
  const pingers = places.map((_, at) =>
    createSimulatedPinger({
      at,
      places,
      zones: options.zones,
      choice: defaultChoice(nodes.length),
      isLost: (from, to) => random() < chance(from, to),
    }),
  );
  const found: Partial<Record<'node' | 'link' | 'zones', number>> = {};
  const innocent = new Set<string>();
  const sum = { verdicts: 0, wrong: 0, probes: 0, mostProbes: 0 };
  let next = 0;
  let lookMs = epochMs + untilLookMs(epochMs, config.interval);

  function ask(nowMs: number): void {
    for (let due = pace.due(nowMs, pingers.length); due > 0; due--) {
      pace.asked();
      const pinger = pingers[next++ % pingers.length];
      if (pinger !== undefined) take(pinger.report(), 0, nowMs);
    }
  }

  function look(nowMs: number): void {
    for (const { kind, verdict } of judging.look(nowMs))
      if (kind === 'appeared' && isTrue(verdict, faults, nodes))
        found[verdict.kind] ??= (nowMs - epochMs) / secondMs;
    for (const verdict of judging.standing()) {
      sum.verdicts++;
      if (isTrue(verdict, faults, nodes)) continue;
      sum.wrong++;
      innocent.add(findingKey(verdict));
    }
  }

  for (let second = 0; second < seconds; second++) {
    const nowMs = epochMs + second * secondMs;
    if (nowMs % stretchMs === 0)
      for (const pinger of pingers) pinger.endStretch(nowMs / stretchMs - 1);
    ask(nowMs);
    for (const pinger of pingers) {
      const probes = pinger.round(nowMs / secondMs);
      sum.probes += probes;
      sum.mostProbes = Math.max(sum.mostProbes, probes);
    }
    if (nowMs >= lookMs) {
      look(nowMs);
      lookMs = nowMs + untilLookMs(nowMs, config.interval);
    }
  }
  return {
    found,
    verdicts: sum.verdicts,
    wrong: sum.wrong,
    falselyBlamed: innocent.size,
    mostProbesPerSecond: sum.mostProbes,
    meanProbesPerSecond: sum.probes / (nodes.length * seconds),
  };
}

function nodesOf({ nodes, zones }: MeshOptions): readonly SimulatedNode[] {
  return ringOf(
    Array.from({ length: nodes }, (_, index) => {
      const zoneNumber = index % zones;
      const zone = `zone-${String(zoneNumber).padStart(3, '0')}`;
      return { name: `node-${index}`, zone, zoneNumber };
    }),
  );
}
