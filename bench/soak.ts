import { cpus } from 'node:os';
import { cluster } from '../test/support/cluster.ts';
import { measured, type Benchmark, type Figure } from './figure.ts';
import { runSoak, type Soaked } from './soak/run-soak.ts';

const longestMs = 3_600_000;
const least = { complete: 0.999, arrived: 0.999 };
/** Last quarter over second quarter: what grows without end would show; the first quarter is warming up. */
const most = { rss: 1.1, descriptors: 1.05 };

/** One probe a second for an hour, on the cluster that `kube-latency up` made: what arrives, and what the programs hold. */
export async function soak(): Promise<Benchmark> {
  const { nodes } = await cluster();
  const soaked = await runSoak(longestMs, (line) => console.error(line));
  return {
    name: 'soak',
    conditions: [
      `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ${nodes.length} nodes on this machine, everything traced`,
      `${soaked.finished} probes in ${soaked.seconds.toFixed(0)} s by the Deployment pod-prober; ${soaked.samples.length} samples`,
      'complete: every step of the prober, spans of API server, etcd, kubelet and containerd, no parent missing',
      'growth: median of the last quarter of the time over that of the second',
      ...incompletenessOf(soaked),
    ],
    figures: [...arrivals(soaked), ...growth(soaked)],
  };
}

function incompletenessOf({ tally }: Soaked): string[] {
  return [...tally.incomplete].map(([missing, count]) => `${count} traces without ${missing}`);
}

function arrivals({ tally, finished, seconds }: Soaked): Figure[] {
  const incomplete = [...tally.incomplete.values()].reduce((sum, count) => sum + count, 0);
  const arrived = tally.complete + incomplete;
  const share = (figure: string, value: number, atLeast: number | null): Figure => ({
    figure,
    unit: '1',
    ours: measured([value]),
    peers: {},
    goal: atLeast === null ? null : { atLeast },
  });
  return [
    { ...share('probes a second', finished / seconds, null), unit: '{probe}/s' },
    share('finished probes whose trace arrived', Math.min(1, arrived / finished), least.arrived),
    share('complete traces', tally.complete / arrived, least.complete),
  ];
}

function growth({ samples }: Soaked): Figure[] {
  const names = new Set(samples.flat().map(({ who }) => who));
  return [...names].toSorted().flatMap((who) => {
    const own = samples.flatMap((moment) => moment.filter((held) => held.who === who));
    const quarter = Math.max(1, Math.floor(own.length / 4));
    const [early, late] = [own.slice(quarter, 2 * quarter), own.slice(-quarter)];
    const ratio = (value: (held: (typeof own)[number]) => number): number =>
      measured(late.map(value)).median / measured(early.map(value)).median;
    const bytes = own.map(({ rssBytes }) => rssBytes / (1 << 20));
    const descriptors = own.map((held) => held.descriptors);
    return [
      { figure: `${who}: RSS`, unit: 'MiBy', ours: measured(bytes), peers: {}, goal: null },
      {
        figure: `${who}: growth of RSS`,
        unit: '1',
        ours: measured([ratio(({ rssBytes }) => rssBytes)]),
        peers: {},
        goal: { atMost: most.rss },
      },
      {
        figure: `${who}: descriptors`,
        unit: '{descriptor}',
        ours: measured(descriptors),
        peers: {},
        goal: null,
      },
      {
        figure: `${who}: growth of descriptors`,
        unit: '1',
        ours: measured([ratio((held) => held.descriptors)]),
        peers: {},
        goal: { atMost: most.descriptors },
      },
    ];
  });
}
