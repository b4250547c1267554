import { cpus } from 'node:os';
import { measured, type Benchmark, type Figure } from './figure.ts';
import { backgroundLoss, meshRules, simulateMesh, type MeshResult } from './rtt-mesh/simulate.ts';

const nodes = 5000;
const zones = 10;
const seconds = 620;
const runs = 3;
/** What a pair under suspicion has: duration, two counts of probes, late, loss, jitter. */
const seriesAPair = 6;
/** What a zone has: duration, two counts of probes, late, loss. */
const seriesAZone = 5;
/** Of the pinger itself. */
const ownSeries = 6;

/** A mesh of 5,000 nodes in one process: how soon faults are found, who is blamed falsely, what each node spends on it. */
export function rttMesh(): Promise<Benchmark> {
  const results: MeshResult[] = [];
  for (let run = 1; run <= runs; run++) {
    console.error(`bench rtt-mesh: ${seconds} s of ${nodes} nodes, run ${run} of ${runs}`);
    const random = seeded(run);
    const place = (): number => Math.floor(random() * nodes);
    const faults = {
      node: { at: place(), loss: 0.01 },
      link: { from: place(), to: place() },
      zones: { from: run % zones, to: (run + 4) % zones, loss: 0.01 },
    };
    results.push(simulateMesh({ nodes, zones, seconds, faults, random }));
  }
  return Promise.resolve({
    name: 'rtt-mesh',
    conditions: conditions(),
    figures: [
      figure(results, {
        name: 'node losing 1 % found after',
        unit: 's',
        of: ({ nodeFoundS = Infinity }) => nodeFoundS,
        goal: { atMost: 60 },
      }),
      figure(results, {
        name: 'link losing all found after',
        unit: 's',
        of: ({ linkFoundS = Infinity }) => linkFoundS,
        goal: { atMost: 600 },
      }),
      figure(results, {
        name: 'zone pair losing 1 % found after',
        unit: 's',
        of: ({ zonesFoundS = Infinity }) => zonesFoundS,
        goal: { atMost: 60 },
      }),
      figure(results, {
        name: 'verdicts that blame an innocent',
        unit: '%',
        of: ({ wrong, verdicts }) => (100 * wrong) / verdicts,
        goal: { atMost: 0.1 },
      }),
      figure(results, {
        name: 'nodes, links and zone pairs ever blamed falsely',
        unit: '{culprit}',
        of: ({ falselyBlamed }) => falselyBlamed,
        goal: { atMost: nodes / 1000 },
      }),
      figure(results, {
        name: 'most probes a second and node',
        unit: '{probe}',
        of: ({ mostProbesPerSecond }) => mostProbesPerSecond,
        goal: { atMost: 20 },
      }),
      figure(results, {
        name: 'mean probes a second and node',
        unit: '{probe}',
        of: ({ meanProbesPerSecond }) => meanProbesPerSecond,
        goal: null,
      }),
      figure(results, {
        name: 'most series a node',
        unit: '{series}',
        of: () => seriesAZone * zones + seriesAPair * meshRules.suspicion.most + ownSeries,
        goal: { atMost: 200 },
      }),
    ],
  });
}

function conditions(): string[] {
  const { plan, round } = meshRules;
  return [
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`,
    `${nodes} nodes in ${zones} zones, ${seconds} s, three faults at once; everywhere else ${backgroundLoss * 100} % are lost`,
    `each node: ${plan.steady} steady, ${plan.sweep} sweeping, at most ${round.perRound} of suspects a second`,
    'no peer: none of the known meshes infers a culprit from a sparse set',
  ];
}

interface Asked {
  readonly name: string;
  readonly unit: string;
  readonly of: (result: MeshResult) => number;
  readonly goal: Figure['goal'];
}

function figure(results: readonly MeshResult[], { name, unit, of, goal }: Asked): Figure {
  return { figure: name, unit, ours: measured(results.map(of)), peers: {}, goal };
}

/** Mulberry32: the same run again for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
