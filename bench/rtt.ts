import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../build/bundle.ts';
import { measured, type Benchmark, type Figure } from './figure.ts';
import { asDeployed } from './rtt/as-deployed.ts';
import {
  addressAfter,
  farAddress,
  firstPeer,
  makeNetwork,
  type BenchNetwork,
} from './rtt/network.ts';
import { fping, fpingCost, irtt, ping, smokeping, type Told } from './rtt/others.ts';
import { runOurs, type OurRun } from './rtt/ours.ts';
import { buildReflector, reflected, startReflector } from './rtt/reflector.ts';

const rounds = 3;
const seconds = 5;
const costSeconds = 20;
/** For a million probes also on a machine that others keep busy. */
const floodSeconds = 25;
const many = 1000;
const nearby = { address: farAddress, intervalMs: 10, seconds };
const addresses = Array.from({ length: many }, (_, index) => addressAfter(firstPeer, index));

interface Bench {
  readonly network: BenchNetwork;
  readonly ours: (options: Readonly<Record<string, string | number>>) => Promise<OurRun>;
  readonly reflector: string;
}

/** The pinger's probes beside ping, fping, irtt and smokeping_prober, between two namespaces of this machine. Needs root and Go. */
export async function rtt(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  const network = makeNetwork();
  try {
    const entry = await bundle('bench/rtt/subject/main.ts', folder);
    const reflector = await buildReflector(folder);
    const where = { namespace: network.near, entry, deployed: await asDeployed() };
    const bench = { network, reflector, ours: (options: object) => runOurs(where, { ...options }) };
    return {
      name: 'rtt',
      conditions: conditions(),
      figures: [
        ...(await accuracy(bench)),
        ...(await knownDelay(bench, 500)),
        ...(await knownDelay(bench, 2000)),
        ...(await manyPeers(bench)),
        ...(await stalled(bench)),
        ...(await flood(bench)),
      ],
    };
  } finally {
    network.remove();
    await rm(folder, { recursive: true });
  }
}

function conditions(): string[] {
  return [
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`,
    'a veth pair between two namespaces; the kernel answers; ours is the bundled probing without telemetry, with what the manifests tell Node.js',
    'peers: ping, fping, irtt, smokeping_prober as Debian has them; ours and they take turns',
    'no kubenurse and no goldpinger: their modules were not to be had, and both find their peers in a cluster',
    'CPU is user and system time of the process; ours after a second of running in',
  ];
}

async function accuracy({ network, ours }: Bench): Promise<Figure[]> {
  const own: OurRun[] = [];
  const others: Record<'ping' | 'fping' | 'irtt', Told[]> = { ping: [], fping: [], irtt: [] };
  for (let round = 1; round <= rounds; round++) {
    say(`one peer, 100 probes a second, round ${round} of ${rounds}`);
    own.push(await ours({ first: farAddress, 'interval-ms': 10, seconds }));
    others.ping.push(await ping(network.near, nearby));
    others.fping.push(await fping(network.near, nearby));
    others.irtt.push(await irtt(network, seconds));
  }
  const figure = (key: 'p50Us' | 'p99Us', over: number): Figure => {
    const values = measured(own.map((run) => run[key]));
    const peers = Object.fromEntries(
      Object.entries(others).map(([name, runs]) => [name, measured(runs.map((run) => run[key]))]),
    );
    const atMost = (peers['ping']?.median ?? Number.NaN) + over;
    return {
      figure: `RTT on a veth, ${key.slice(0, 3)}`,
      unit: 'us',
      ours: values,
      peers,
      goal: { atMost },
    };
  };
  return [figure('p50Us', 5), figure('p99Us', 20)];
}

async function knownDelay({ network, ours, reflector }: Bench, delayUs: number): Promise<Figure[]> {
  const running = await startReflector(reflector, network.near, `${delayUs}us`);
  const own: Told[] = [];
  const others: Told[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      say(`a known delay of ${delayUs} us, round ${round} of ${rounds}`);
      own.push(await ours({ first: reflected, 'interval-ms': 10, seconds }));
      others.push(await ping(network.near, { ...nearby, address: reflected }));
    }
  } finally {
    await running.stop();
  }
  return (['p50Us', 'p99Us'] as const).map((key) => {
    const peer = measured(others.map((run) => run[key] - delayUs));
    return {
      figure: `error at a known delay of ${delayUs} us, ${key.slice(0, 3)}`,
      unit: 'us',
      ours: measured(own.map((run) => run[key] - delayUs)),
      peers: { ping: peer },
      goal: { atMost: peer.median },
    };
  });
}

async function manyPeers({ network, ours }: Bench): Promise<Figure[]> {
  const own: OurRun[] = [];
  const alone: OurRun[] = [];
  const costs: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`${many} peers once a second, round ${round} of ${rounds}`);
    alone.push(await ours({ peers: 1, 'interval-ms': 10, seconds }));
    own.push(await ours({ peers: many, 'interval-ms': 1000, seconds: costSeconds }));
    costs.push(await fpingCost(network.near, addresses, costSeconds));
  }
  say(`${many} peers once a second, smokeping_prober`);
  const one = await smokeping(network.near, addresses.slice(0, 1), seconds);
  const all = await smokeping(network.near, addresses, costSeconds);
  return [
    {
      figure: `reported RTT, ${many} peers over one`,
      unit: '1',
      ours: measured(own.map(({ p50Us }, index) => p50Us / (alone[index]?.p50Us ?? Number.NaN))),
      peers: { 'smokeping_prober (mean)': measured([all.meanUs / one.meanUs]) },
      goal: { atMost: 1.2 },
    },
    {
      figure: `CPU a probe, ${many} peers once a second`,
      unit: 'us',
      ours: measured(own.map(({ cpuUs }) => cpuUs)),
      peers: { fping: measured(costs), smokeping_prober: measured([all.cpuUs]) },
      goal: { atMost: 25 },
    },
  ];
}

async function stalled({ ours }: Bench): Promise<Figure[]> {
  const kernel: OurRun[] = [];
  const user: OurRun[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`the event loop stalled for 5 ms in every 20, round ${round} of ${rounds}`);
    const options = { peers: 100, 'interval-ms': 200, seconds, 'stall-ms': 5 };
    kernel.push(await ours(options));
    user.push(await ours({ ...options, stamps: 'user' }));
  }
  return [
    {
      figure: 'RTT with a stalled loop, p99',
      unit: 'us',
      ours: measured(kernel.map(({ p99Us }) => p99Us)),
      peers: { "ours by the event loop's clock": measured(user.map(({ p99Us }) => p99Us)) },
      goal: { atMost: 150 },
    },
    {
      figure: 'samples flagged with a stalled loop',
      unit: '%',
      ours: measured(kernel.map(({ late, answered }) => (100 * late) / answered)),
      peers: {
        "ours by the event loop's clock": measured(
          user.map(({ late, answered }) => (100 * late) / answered),
        ),
      },
      goal: null,
    },
  ];
}

async function flood({ ours }: Bench): Promise<Figure[]> {
  const runs: OurRun[] = [];
  const churned: OurRun[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`50,000 probes a second, round ${round} of ${rounds}`);
    runs.push(await ours({ peers: many, 'interval-ms': 20, seconds: floodSeconds }));
    churned.push(await ours({ peers: many, 'interval-ms': 100, seconds, 'churn-ms': 500 }));
  }
  const figure = (name: string, of: (run: OurRun) => number, rest: Rest): Figure => ({
    figure: `50,000 probes a second: ${name}`,
    unit: rest.unit,
    ours: measured(runs.map(of)),
    peers: {},
    goal: rest.goal,
  });
  const descriptors = ({ descriptors: more }: OurRun): number => more;
  const none = { unit: '{descriptor}', goal: { atMost: 0 } };
  return [
    figure('CPU a probe', ({ cpuUs }) => cpuUs, { unit: 'us', goal: { atMost: 10 } }),
    figure('lost', ({ answered, failed }) => (100 * failed) / (answered + failed), {
      unit: '%',
      goal: { atMost: 0.1 },
    }),
    figure(`probes in ${floodSeconds} s`, ({ answered }) => answered, {
      unit: '{probe}',
      goal: { atLeast: 1_000_000 },
    }),
    figure(`descriptors more after ${floodSeconds} s`, descriptors, none),
    {
      ...figure('', descriptors, none),
      figure: 'descriptors more after all peers were new ten times',
      ours: measured(churned.map(descriptors)),
    },
  ];
}

interface Rest {
  readonly unit: string;
  readonly goal: Figure['goal'];
}

function say(what: string): void {
  console.error(`bench rtt: ${what}`);
}
