import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../build/bundle.ts';
import { ensureProgram } from '../local/programs/ensure.ts';
import { startApiServer, type ApiServer } from './correlator/api-server.ts';
import { copyIn, delays, unchanged } from './correlator/delay.ts';
import { startCollector, startCorrelator, type Subject } from './correlator/subject.ts';
import { throughput, type Throughput } from './correlator/throughput.ts';
import { createLoad, loadTraffic, mix, type Traffic } from './correlator/traffic.ts';
import { measured, type Benchmark, type Figure, type Measured } from './figure.ts';

const backgroundSpansPerSecond = 5000;
const samples = 500;
const mebibyte = 1024 * 1024;

interface Bench {
  readonly traffic: Traffic;
  readonly ours: (sink: string) => Promise<Subject>;
  readonly peer: (sink: string) => Promise<Subject>;
}

/** The bundled correlator beside the collector passing the same recorded spans through. */
export async function correlator(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  const traffic = loadTraffic();
  const api = await startApiServer(traffic.pods.map((metadata) => ({ metadata })));
  try {
    const bench = await prepare(folder, traffic, api);
    return {
      name: 'correlator',
      conditions: conditions(traffic),
      figures: [...(await throughputs(bench)), await delay(bench)],
    };
  } finally {
    api.close();
    await rm(folder, { recursive: true });
  }
}

async function prepare(folder: string, traffic: Traffic, api: ApiServer): Promise<Bench> {
  const entry = await bundle('receivers/correlator/main.ts', folder);
  const collector = await ensureProgram('otelcol-kube-latency', {
    env: process.env,
    progress: say,
    signal: new AbortController().signal,
  });
  return {
    traffic,
    ours: (sink) => startCorrelator(entry, api.kubeconfig, { folder, sink }),
    peer: (sink) => startCollector(collector, { folder, sink }),
  };
}

function conditions({ relevant, others }: Traffic): string[] {
  return [
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; the load comes from, and goes to, this process`,
    `${relevant.length} spans about pods and ${others.length} others, recorded on three nodes of Kubernetes 1.37.0, every component traced`,
    'trace ids are new in every round; requests of 512 spans, four at a time, OTLP/gRPC on loopback',
    'per core: spans by processor time of the program, all its threads; peer: the collector passes the same spans on',
    `delay: from the span that tells the pod to the last copy of its trace, at ${backgroundSpansPerSecond} other spans/s`,
  ];
}

async function throughputs(bench: Bench): Promise<Figure[]> {
  const { traffic } = bench;
  say('1 % of spans about pods');
  const few = await both(bench, createLoad(mix(traffic, 0.01)));
  say('all spans about pods');
  const all = await both(bench, createLoad(traffic.relevant));
  return [
    speed('throughput per core, 1 % of spans about pods', few, 100_000),
    speed('throughput per core, all spans about pods', all, 50_000),
    memory('memory at most, 1 % of spans about pods', few),
    memory('memory at most, all spans about pods', all),
  ];
}

interface Both {
  readonly ours: Throughput;
  readonly peer: Throughput;
}

async function both(bench: Bench, load: ReturnType<typeof createLoad>): Promise<Both> {
  const ours = await throughput(bench.ours, load);
  return { ours, peer: await throughput(bench.peer, load) };
}

function speed(figure: string, { ours, peer }: Both, atLeast: number): Figure {
  return {
    figure,
    unit: '{span}/s',
    ours: measured(ours.perCore),
    peers: { 'collector, passing on': measured(peer.perCore) },
    goal: { atLeast },
  };
}

function memory(figure: string, { ours, peer }: Both): Figure {
  const mebibytes = ({ mostBytes }: Throughput): Measured => measured([mostBytes / mebibyte]);
  return {
    figure,
    unit: 'MiBy',
    ours: mebibytes(ours),
    peers: { 'collector, passing on': mebibytes(peer) },
    goal: { atMost: 150_000_000 / mebibyte },
  };
}

async function delay({ traffic, ours, peer }: Bench): Promise<Figure> {
  say('delay');
  const [pod] = traffic.pods;
  const context = pod?.annotations?.['tracing.k8s.io/traceparent'];
  if (pod === undefined || context === undefined) throw new Error('no probed pod was recorded');
  const background = createLoad(traffic.others);
  const options = { pod, background, backgroundSpansPerSecond, samples };
  return {
    figure: 'delay, 99th percentile',
    unit: 'ms',
    ours: percentile99(await delays(ours, copyIn(context.slice(3, 35)), options)),
    peers: { 'collector, passing on': percentile99(await delays(peer, unchanged, options)) },
    goal: { atMost: 200 },
  };
}

/** The percentile as the median, beside the least and the greatest. */
function percentile99(values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  const at = sorted[Math.ceil(sorted.length * 0.99) - 1];
  return { ...measured(values), median: at ?? Number.NaN };
}

function say(line: string): void {
  console.error(line);
}
