import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureProgram } from '../local/programs/ensure.ts';
import type { ProbeReport } from '../receivers/pod-prober/report.ts';
import { cluster, kubectl, program } from '../test/support/cluster.ts';
import type { ClusterState } from '../local/state.ts';
import { bundle } from '../build/bundle.ts';
import { measured, type Benchmark, type Figure, type Measured } from './figure.ts';
import { cost } from './prober/child-cpu.ts';
import { msToFirstRequest } from './prober/first-request.ts';
import { kubectlCycle, kubectlRequests, type KubectlCycle } from './prober/kubectl-cycle.ts';
import { simulatedNode, withSimulatedNode } from './prober/simulated-node.ts';

const startRuns = 11;
const costRounds = 5;
const furtherCycles = 20;
const furtherAtOnce = 7;
const crowd = 1000;
const crowdRuns = 3;

/** The bundled prober beside kubectl doing the same by hand, on the cluster that `kube-latency up` made. */
export async function prober(): Promise<Benchmark> {
  const state = await cluster();
  await ensureProgram('kwok', {
    env: process.env,
    progress: (line) => console.error(line),
    signal: new AbortController().signal,
  });
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  try {
    const entry = await bundle('receivers/pod-prober/main.ts', folder);
    return {
      name: 'prober',
      conditions: await conditions(state),
      figures: [
        await startToFirstRequest(entry),
        ...(await oneCycle(entry, state)),
        ...(await manyAtOnce(entry, state)),
      ],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function conditions({ nodes }: ClusterState): Promise<string[]> {
  const { clientVersion, serverVersion } = JSON.parse(
    await kubectl(['version', '--output=json']),
  ) as Record<'clientVersion' | 'serverVersion', { gitVersion: string }>;
  return [
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`,
    `Kubernetes ${serverVersion.gitVersion} made by kube-latency up, ${nodes.length} nodes on this machine, everything traced`,
    `peer: kubectl ${clientVersion.gitVersion}; a cycle is run, wait for Ready, label, delete and wait until it is gone`,
    `medians with (min..max); ours and the peer take turns`,
  ];
}

async function startToFirstRequest(entry: string): Promise<Figure> {
  say('start to first request');
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const ours: number[] = [];
  const peers: number[] = [];
  try {
    for (let run = 0; run < startRuns; run++) {
      ours.push(await msToFirstRequest([process.execPath, entry], kubeconfig));
      const peer: [string, ...string[]] = [program('kubectl'), 'run', 'bench', '--image=bench'];
      peers.push(await msToFirstRequest(peer, kubeconfig));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return {
    figure: 'start to first request',
    unit: 'ms',
    ours: measured(ours),
    peers: { 'kubectl run': measured(peers) },
    goal: { atMost: 150 },
  };
}

interface Round {
  readonly alone: Run;
  readonly many: Run;
  readonly kubectl: KubectlCycle;
}

async function oneCycle(entry: string, state: ClusterState): Promise<Figure[]> {
  const rounds: Round[] = [];
  for (let round = 1; round <= costRounds; round++) {
    say(`cycles, round ${round} of ${costRounds}`);
    const alone = await runProbes(entry, state, []);
    const many = await runProbes(entry, state, [
      `--count=${1 + furtherCycles}`,
      `--concurrency=${furtherAtOnce}`,
    ]);
    rounds.push({ alone, many, kubectl: await kubectlCycle(state) });
  }
  const asked = await kubectlRequests(state);
  const further = (of: (run: Run) => number): Measured =>
    measured(rounds.map(({ alone, many }) => (of(many) - of(alone)) / furtherCycles));
  const byKubectl = (of: (cycle: KubectlCycle) => number): Figure['peers'] => ({
    kubectl: measured(rounds.map((round) => of(round.kubectl))),
  });
  return [
    {
      figure: 'CPU per cycle, further cycles of a run',
      unit: 'ms',
      ours: further(({ cpuMs }) => cpuMs),
      peers: byKubectl(({ cpuMs }) => cpuMs),
      goal: { atMost: 10 },
    },
    {
      figure: 'CPU of a run of one cycle',
      unit: 'ms',
      ours: measured(rounds.map(({ alone }) => alone.cpuMs)),
      peers: byKubectl(({ cpuMs }) => cpuMs),
      goal: null,
    },
    {
      figure: 'time of a run of one cycle',
      unit: 'ms',
      ours: measured(rounds.map(({ alone }) => alone.wallMs)),
      peers: byKubectl(({ wallMs }) => wallMs),
      goal: null,
    },
    {
      figure: 'writes per cycle',
      unit: '{request}',
      ours: further(({ report }) => writes(report)),
      peers: { kubectl: measured([asked.writes]) },
      goal: { atMost: 3 },
    },
    {
      figure: 'reads of a run, whatever its cycles',
      unit: '{request}',
      ours: measured(rounds.map(({ many }) => reads(many.report))),
      peers: { 'kubectl, one cycle': measured([asked.reads]) },
      goal: { atMost: 4 },
    },
    {
      figure: 'bytes received per cycle',
      unit: 'By',
      ours: further(({ report }) => report.api.receivedBytes),
      peers: {},
      goal: null,
    },
  ];
}

async function manyAtOnce(entry: string, state: ClusterState): Promise<Figure[]> {
  const all = [`--count=${crowd}`, `--concurrency=${crowd}`];
  const where = [`--node=${simulatedNode}`, '--first-packet=none'];
  const runs = await withSimulatedNode(state.kubeconfig, async () => {
    const done: Run[] = [];
    for (let run = 1; run <= crowdRuns; run++) {
      say(`${crowd} lifecycles at once, run ${run} of ${crowdRuns}`);
      done.push(await runProbes(entry, state, [...all, ...where]));
    }
    return done;
  });
  const figure = (
    name: string,
    unit: string,
    { of, goal }: { of: (run: Run) => number; goal: Figure['goal'] },
  ): Figure => ({
    figure: `${crowd} at once: ${name}`,
    unit,
    ours: measured(runs.map(of)),
    peers: {},
    goal,
  });
  return [
    figure('succeeded', '{probe}', {
      of: ({ report }) => report.outcomes.ok,
      goal: { atLeast: crowd },
    }),
    figure('writes per cycle', '{request}', {
      of: ({ report }) => writes(report) / crowd,
      goal: { atMost: 3 },
    }),
    figure('watch requests, resumptions included', '{request}', {
      of: ({ report }) => report.api.requests.watch,
      goal: null,
    }),
    figure('CPU per cycle', 'ms', { of: ({ cpuMs }) => cpuMs / crowd, goal: { atMost: 10 } }),
    figure('time', 's', { of: ({ wallMs }) => wallMs / 1000, goal: null }),
  ];
}

interface Run {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly report: ProbeReport;
}

async function runProbes(
  entry: string,
  state: ClusterState,
  args: readonly string[],
): Promise<Run> {
  const { proberKubeconfig, proberNamespace, probeImage, collectorEndpoint } = state;
  const { cpuMs, wallMs, stdout } = await cost(
    [
      process.execPath,
      entry,
      `--kubeconfig=${proberKubeconfig}`,
      `--namespace=${proberNamespace}`,
      `--image=${probeImage}`,
      '--output=json',
      ...args,
    ],
    { OTEL_EXPORTER_OTLP_ENDPOINT: collectorEndpoint ?? '' },
  );
  return { cpuMs, wallMs, report: JSON.parse(stdout) as ProbeReport };
}

function writes({ api: { requests } }: ProbeReport): number {
  return requests.create + requests.patch + requests.delete;
}

function reads({ api: { requests } }: ProbeReport): number {
  return requests.get + requests.list + requests.watch;
}

function say(what: string): void {
  console.error(`bench prober: ${what}`);
}
