import { cpus } from 'node:os';
import { wantedOf } from '../receivers/rtt-pinger/core/target.ts';
import { configSchema } from '../receivers/rtt-pinger/schema.ts';
import { dataPoints, mostSeries } from '../test/support/most-series.ts';
import { measured, type Benchmark, type Figure } from './figure.ts';
import { backgroundLoss } from './rtt-mesh/faults.ts';
import { seeded } from './rtt-mesh/seeded.ts';
import { defaultChoice, simulateMesh, type MeshResult } from './rtt-mesh/simulate.ts';

const nodes = 5000;
const zones = 10;
const seconds = 620;
const runs = 5;

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
        of: ({ found }) => found.node ?? Infinity,
        goal: { atMost: 60 },
      }),
      figure(results, {
        name: 'link losing all found after',
        unit: 's',
        of: ({ found }) => found.link ?? Infinity,
        goal: { atMost: 600 },
      }),
      figure(results, {
        name: 'zone pair losing 1 % found after',
        unit: 's',
        of: ({ found }) => found.zones ?? Infinity,
        goal: { atMost: 60 },
      }),
      figure(results, {
        name: 'verdicts that blame an innocent',
        unit: '%',
        of: ({ wrong, verdicts }) => (verdicts === 0 ? 0 : (100 * wrong) / verdicts),
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
        of: () => seriesANode(),
        goal: { atMost: 200 },
      }),
    ],
  });
}

/** What a node of this mesh tells at most, by its own code: with as many pairs standing out as may, and all that can go wrong. */
function seriesANode(): number {
  const { budget, maxPairs } = configSchema.parse({});
  const targets = Array.from({ length: nodes - 1 }, (_, index) => {
    const name = `node-${index}`;
    const place = { node: name, zone: `zone-${index % zones}`, rack: '', namespace: '', pod: '' };
    const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    return wantedOf({ id: `node/${name}`, name, address, port: 0, ...place }, 'icmp', 0);
  });
  const rules = { series: budget.series, maxPairs, ownZone: 'zone-0' };
  return dataPoints(mostSeries(targets, rules)).length;
}

function conditions(): string[] {
  const { plan, suspects } = defaultChoice(nodes);
  return [
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`,
    `${nodes} nodes in ${zones} zones, ${seconds} s, three faults at once; everywhere else ${backgroundLoss * 100} % are lost`,
    `each node: ${plan.steady} steady, ${plan.sweep} sweeping, at most ${suspects} of suspects a second`,
    'the defaults of pinger and aggregator; verdicts are those that stand in the aggregator',
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
