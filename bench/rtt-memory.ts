import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { stringify } from 'yaml';
import { bundle } from '../build/bundle.ts';
import { measured, type Benchmark, type Figure, type Measured } from './figure.ts';
import { asDeployed } from './rtt/as-deployed.ts';
import { metricsPort, startPinger, type PingerRun } from './rtt-memory/pinger.ts';
import { addressAfter, firstPeer, inside, makeNetwork } from './rtt/network.ts';
import { fpingCost } from './rtt/others.ts';

const many = 10_000;
/** fping waits a millisecond between packets: it cannot ask more of them once a second. */
const mostOfFping = 1000;
/** The tally is full after 65 s. */
const warmS = 70;
const measuredS = 20;
const ports = { ping: 18_080, metrics: metricsPort, tcp: 18_080 };
const everySecond = { mesh: { full: many }, budget: { probesPerSecond: many } };

interface Bench {
  readonly folder: string;
  readonly run: Omit<PingerRun, 'args'>;
}

/** The whole pinger with 10,000 peers: what it holds once its tally is full, and what a probe costs. Needs root. */
export async function rttMemory(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  const network = makeNetwork();
  try {
    const entry = await bundle('receivers/rtt-pinger/main.ts', join(folder, 'pinger'));
    const deployed = await asDeployed();
    const bench: Bench = { folder, run: { namespace: network.near, entry, deployed } };
    return {
      name: 'rtt-memory',
      conditions: [
        `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`,
        `the bundled program, scraped and without OTLP, with what the manifests tell Node.js: ${deployed.flags.join(' ')}, and ${Object.entries(deployed.env).join(' ')}`,
        `a veth pair between two namespaces; ICMP; resident ${warmS} s after the start, then CPU for ${measuredS} s; single runs`,
      ],
      figures: [
        ...(await figures(bench, 'no peers', { peers: 0 })),
        ...(await figures(bench, '1,000 static peers once a second', {
          peers: 1000,
          ...everySecond,
        })),
        ...(await figures(bench, '10,000 static peers by the plan', { peers: many, goalMb: 80 })),
        ...(await figures(bench, '10,000 static peers once a second', {
          peers: many,
          ...everySecond,
          goalMb: 80,
        })),
        ...(await watched(bench)),
        ...(await scraped(bench)),
      ],
    };
  } finally {
    network.remove();
    await rm(folder, { recursive: true });
  }
}

interface Asked {
  readonly peers: number;
  readonly goalMb?: number;
  readonly mesh?: object;
  readonly budget?: object;
}

async function figures(
  bench: Bench,
  name: string,
  { peers, goalMb, ...settings }: Asked,
): Promise<Figure[]> {
  const config = { nodeName: 'here', ports, ...settings, peers: { static: fixedPeers(peers) } };
  const asked = { name, config, goalMb, costs: settings.mesh !== undefined };
  return used(bench, peers > mostOfFping ? asked : { ...asked, fpingOf: peers });
}

function fixedPeers(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `node-${index}`,
    address: addressAfter(firstPeer, index),
    zone: `zone-${index % 10}`,
  }));
}

async function watched(bench: Bench): Promise<Figure[]> {
  const kubeconfig = join(bench.folder, 'kubeconfig');
  const program = ['bench/rtt-memory/api-server.ts', `${many}`, firstPeer, kubeconfig];
  const server = spawn('ip', inside(bench.run.namespace, [process.execPath, ...program]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(createInterface(server.stdout), 'line');
    const name = '10,000 nodes by watch, once a second';
    const config = {
      nodeName: 'here',
      ports,
      ...everySecond,
      peers: { kubernetes: { nodes: true } },
    };
    const args = [`--kubeconfig=${kubeconfig}`];
    return await used(bench, { name, config, goalMb: 120, costs: true, args });
  } finally {
    server.kill();
  }
}

interface UsedBy {
  readonly name: string;
  readonly config: object;
  readonly goalMb: number | undefined;
  /** Whether CPU a probe is of interest. */
  readonly costs: boolean;
  /** Peers that fping asks once a second while the pinger does. */
  readonly fpingOf?: number;
  readonly args?: readonly string[];
}

async function used({ folder, run }: Bench, asked: UsedBy): Promise<Figure[]> {
  const { name, config, goalMb, costs, fpingOf, args = [] } = asked;
  console.error(`bench rtt-memory: ${name}`);
  const file = join(folder, 'config.yaml');
  await writeFile(file, stringify(config));
  const pinger = await startPinger({ ...run, args: [`--config=${file}`, ...args] });
  try {
    await wait(warmS * 1000);
    const [before, sentBefore] = [await pinger.used(), await probes(pinger.page)];
    const [fpingUs] = await Promise.all([
      costs && fpingOf !== undefined ? fpingBeside(run.namespace, fpingOf) : undefined,
      wait(measuredS * 1000),
    ]);
    const [after, sentAfter] = [await pinger.used(), await probes(pinger.page)];
    const resident = {
      figure: `resident, ${name}`,
      unit: 'MB',
      ours: measured([before.residentMb]),
      peers: {},
      goal: goalMb === undefined ? null : { atMost: goalMb },
    };
    const cpuUs = (after.cpuUs - before.cpuUs) / (sentAfter.all - sentBefore.all);
    const lost = (100 * (sentAfter.failed - sentBefore.failed)) / (sentAfter.all - sentBefore.all);
    if (!costs) return [resident];
    return [
      resident,
      {
        figure: `CPU a probe, ${name}`,
        unit: 'us',
        ours: measured([cpuUs]),
        peers: fpingUs === undefined ? {} : { fping: measured([fpingUs]) },
        goal: { atMost: 25 },
      },
      {
        figure: `lost, ${name}`,
        unit: '%',
        ours: measured([lost]),
        peers: {},
        goal: { atMost: 0.1 },
      },
    ];
  } finally {
    await pinger.stop();
  }
}

function fpingBeside(namespace: string, peers: number): Promise<number> {
  const addresses = Array.from({ length: peers }, (_, index) => addressAfter(firstPeer, index));
  return fpingCost(namespace, addresses, measuredS);
}

/** Probes of all rollups or pairs so far. */
async function probes(
  page: (path: string) => Promise<string>,
): Promise<{ readonly all: number; readonly failed: number }> {
  const series = (await page('/metrics')).matchAll(
    /^kube_latency_rtt_probes_total\{(.*)\} (\S+)$/gm,
  );
  let [all, failed] = [0, 0];
  for (const [, labels = '', value] of series) {
    all += Number(value);
    if (labels.includes('outcome="failed"')) failed += Number(value);
  }
  return { all, failed };
}

interface Pages {
  readonly name: string;
  readonly settings: object;
  readonly goal: Figure['goal'];
}

/**
 * How long the loop is held by whoever asks for pages: within the default budget, and with series of all pairs, of which the memory takes
 * longer to be gone through for what is garbage.
 */
async function scraped(bench: Bench): Promise<Figure[]> {
  const budget = { series: 100_000, probesPerSecond: many };
  const all = { interval: '10s', mesh: { full: many }, budget };
  return [
    ...(await held(bench, { name: 'by the plan', settings: {}, goal: { atMost: 5 } })),
    ...(await held(bench, { name: '100,000 series', settings: all, goal: null })),
  ];
}

async function held({ folder, run }: Bench, { name, settings, goal }: Pages): Promise<Figure[]> {
  console.error(`bench rtt-memory: pages of 10,000 peers, ${name}`);
  const file = join(folder, 'config.yaml');
  const config = { nodeName: 'here', ports, ...settings, peers: { static: fixedPeers(many) } };
  await writeFile(file, stringify(config));
  const flags = [`--import=${join(import.meta.dirname, 'rtt-memory/loop-delay.ts')}`];
  const pinger = await startPinger({ ...run, flags, first: true, args: [`--config=${file}`] });
  const told = createInterface(pinger.child.stderr ?? process.stdin);
  const heldMs = async (): Promise<number> => {
    pinger.child.kill('SIGUSR2');
    for await (const [line] of onLines(told)) {
      const match = /^\{"heldMs":(.+)\}$/.exec(line);
      if (match !== null) return Number(match[1]);
    }
    return Number.NaN;
  };
  const during = async (ask: () => Promise<unknown>): Promise<Measured> => {
    const values: number[] = [];
    for (let round = 0; round < 5; round++) {
      await heldMs();
      await ask();
      values.push(await heldMs());
    }
    return measured(values);
  };
  try {
    await wait(warmS * 1000);
    const idle = await during(() => wait(1000));
    const figuresOf: Figure[] = [];
    for (const path of ['/metrics', '/tally']) {
      const { length } = await pinger.page(path);
      figuresOf.push({
        figure: `loop held by ${path} of ${Math.ceil(length / 1000)} kB, ${name}: most`,
        unit: 'ms',
        ours: await during(() => pinger.page(path)),
        peers: { 'in a second without': idle },
        goal,
      });
    }
    return figuresOf;
  } finally {
    told.close();
    await pinger.stop();
  }
}

async function* onLines(lines: ReturnType<typeof createInterface>): AsyncGenerator<[string]> {
  for (;;) yield (await once(lines, 'line')) as [string];
}
