import { cpus } from 'node:os';
import { cluster } from '../test/support/cluster.ts';
import { measured, type Benchmark, type Figure } from './figure.ts';
import { roundSeconds, runSoak, type Soaked } from './soak/run-soak.ts';

const longestMs = 3_600_000;
const least = { complete: 0.999, rate: 0.98 };
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
      `${soaked.probes.size} probes in ${soaked.seconds.toFixed(0)} s by the Deployment pod-prober; ${soaked.samples.length} samples`,
      'complete: every step of the prober, spans of API server, etcd, kubelet and containerd, no parent missing',
      'growth: median of the last quarter of the time over that of the second; the embedded viewer is left out, it keeps everything',
      ...incompletenessOf(soaked),
    ],
    figures: [...arrivals(soaked), ...growth(soaked)],
  };
}

function incompletenessOf({ probes }: Soaked): string[] {
  const lacking = Map.groupBy(probes.values(), (missing) => missing);
  return [...lacking].flatMap(([missing, some]) =>
    missing === null ? [] : [`${some.length} traces without ${missing}`],
  );
}

function arrivals({ probes, seconds, mostPods, samples }: Soaked): Figure[] {
  const complete = [...probes.values()].filter((missing) => missing === null).length;
  const restarts = (at: number): number =>
    (samples.at(at) ?? []).reduce((sum, held) => sum + held.restarts, 0);
  const one = (figure: string, unit: string, value: number, goal: Figure['goal']): Figure => {
    return { figure, unit, ours: measured([value]), peers: {}, goal };
  };
  return [
    one('probes a second', '{probe}/s', probes.size / seconds, { atLeast: least.rate }),
    one('complete traces', '1', complete / probes.size, { atLeast: least.complete }),
    one('probe pods at a time', '{pod}', mostPods, { atMost: roundSeconds }),
    one('restarts', '{container}', restarts(-1) - restarts(0), { atMost: 0 }),
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
