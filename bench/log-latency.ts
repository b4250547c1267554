import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundle } from '../build/bundle.ts';
import { measured, type Benchmark, type Figure, type Measured } from './figure.ts';
import { startFileLog, startTailer, v8, type Follower } from './log-latency/followers.ts';
import { startSink, type Sink } from './log-latency/sink.ts';
import { flood, sendBare, write, type Written } from './log-latency/writing.ts';

const probes = { probes: 900, everyMs: 11 };
const burstBytesPerMs = 20_000;
const filePollMs = 10;
const fileBytes = 256_000_000;
const files = 40;
const settleMs = 2000;

/** From a line that is written to its record at an OTLP sink, beside the Collector's file_log and a bare call of gRPC. */
export async function logLatency(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  const sink = await startSink();
  try {
    const entry = await bundle('receivers/log-tailer/main.ts', join(folder, 'bundle'));
    const ours = await follow(sink, await startTailer(entry, join(folder, 'ours'), sink));
    const flat = await floodOf(sink, await startTailer(entry, join(folder, 'flood'), sink));
    const theirs = await follow(sink, await startFileLog(filePollMs, join(folder, 'theirs'), sink));
    const bare = await sendBare({ address: sink.address, first: 0, ...probes });
    return {
      name: 'log-latency',
      conditions: conditions(),
      figures: figures({ ours, theirs, flat, bareMs: latenciesMs(sink, bare) }),
    };
  } finally {
    sink.stop();
    await rm(folder, { recursive: true });
  }
}

function conditions(): string[] {
  return [
    `Node ${process.version} ${v8.join(' ')}, ${cpus().length} x ${cpus()[0]?.model}`,
    `${probes.probes} lines ${probes.everyMs} ms apart, from before each is written to when the sink has its record; writer, follower and sink are processes of their own`,
    `the log tailer is its bundle with the events of Amazon Linux 2; file_log looks at its file once in ${filePollMs} ms, and its exporter has no queue`,
    `bare: calls of gRPC with the line, from Node to the same sink; in the burst ${burstBytesPerMs / 1000} MB/s, one write a line`,
    `flood: ${(files * fileBytes) / 1e9} GB without a match, in blocks, rotated every ${fileBytes / 1e6} MB`,
  ];
}

interface Followed {
  readonly firstMs: number;
  readonly idleMs: readonly number[];
  readonly burstMs: readonly number[];
  readonly burstUsPerLine: number;
  readonly rssMib: number;
}

async function follow(sink: Sink, follower: Follower): Promise<Followed> {
  const { path, firstMs } = follower;
  try {
    await sleep(settleMs);
    const once = async (first: number, bytesPerMs: number): Promise<Written> => {
      const written = await write({ path, first, ...probes, bytesPerMs });
      await sleep(settleMs);
      return written;
    };
    await once(0, 0);
    const idle = await once(1000, 0);
    const cpuMs = follower.cpuMs();
    const burst = await once(2000, burstBytesPerMs);
    const burstCpuMs = follower.cpuMs() - cpuMs;
    return {
      firstMs,
      idleMs: latenciesMs(sink, idle),
      burstMs: latenciesMs(sink, burst),
      burstUsPerLine: (burstCpuMs * 1000) / burst.lines,
      rssMib: follower.rssMib().most,
    };
  } finally {
    await follower.stop();
    sink.forget();
  }
}

interface Flat {
  readonly usPerLine: number;
  /** After the first tenth, and in the end. */
  readonly rssMib: readonly [number, number];
}

async function floodOf(sink: Sink, follower: Follower): Promise<Flat> {
  const { path } = follower;
  try {
    await sleep(settleMs);
    const cpuMs = follower.cpuMs();
    const some = files / 10;
    const all = { path, fileBytes, bytesPerMs: 200_000 };
    const lines = await flood({ ...all, first: 0, files: some });
    await untilCame(sink, some);
    const early = follower.rssMib().now;
    const more = await flood({ ...all, first: some, files: files - some });
    await untilCame(sink, files);
    const usPerLine = ((follower.cpuMs() - cpuMs) * 1000) / (lines + more);
    return { usPerLine, rssMib: [early, follower.rssMib().now] };
  } finally {
    await follower.stop();
    sink.forget();
  }
}

/** Until the last lines of so many files were told. */
async function untilCame(sink: Sink, count: number): Promise<void> {
  for (let look = 0; look < 6000; look++) {
    if (Array.from({ length: count }, (_, probe) => probe).every((probe) => sink.cameNs.has(probe)))
      return;
    await sleep(50);
  }
  throw new Error(`expected ${count} probes, got ${sink.cameNs.size}`);
}

/** In order; one that never came rejects the run. */
function latenciesMs({ cameNs }: Sink, { wroteNs }: Written): readonly number[] {
  return [...wroteNs]
    .map(([probe, ns]) => {
      const came = cameNs.get(probe);
      if (came === undefined) throw new Error(`expected a record of probe ${probe}, got none`);
      return Number(came - ns) / 1e6;
    })
    .toSorted((a, b) => a - b);
}

interface Results {
  readonly ours: Followed;
  readonly theirs: Followed;
  readonly flat: Flat;
  readonly bareMs: readonly number[];
}

function figures({ ours, theirs, flat, bareMs }: Results): Figure[] {
  const one = (value: number): Measured => measured([value]);
  const idle = (share: number): Pick<Figure, 'ours' | 'peers' | 'unit'> => ({
    unit: 'ms',
    ours: one(quantile(ours.idleMs, share)),
    peers: {
      file_log: one(quantile(theirs.idleMs, share)),
      'bare gRPC': one(quantile(bareMs, share)),
    },
  });
  const beside = (unit: string, of: (run: Followed) => number) => ({
    unit,
    ours: one(of(ours)),
    peers: { file_log: one(of(theirs)) },
  });
  return [
    { figure: 'idle: median', ...idle(0.5), goal: null },
    { figure: 'idle: 99 %', ...idle(0.99), goal: { atMost: 1 } },
    { figure: 'burst: median', ...beside('ms', (run) => quantile(run.burstMs, 0.5)), goal: null },
    {
      figure: 'burst: 99 %',
      ...beside('ms', (run) => quantile(run.burstMs, 0.99)),
      goal: { atMost: 5 },
    },
    { figure: 'burst: CPU a line', ...beside('us', (run) => run.burstUsPerLine), goal: null },
    {
      figure: 'flood: CPU a line',
      unit: 'us',
      ours: one(flat.usPerLine),
      peers: {},
      goal: { atMost: 0.3 },
    },
    {
      figure: 'flood: RSS in the end, over that after a tenth',
      unit: '1',
      ours: one(flat.rssMib[1] / flat.rssMib[0]),
      peers: {},
      goal: { atMost: 1.05 },
    },
    { figure: 'flood: RSS', unit: 'MiB', ours: one(flat.rssMib[1]), peers: {}, goal: null },
    { figure: 'RSS at most', ...beside('MiB', (run) => run.rssMib), goal: null },
    { figure: 'start to first record', ...beside('ms', (run) => run.firstMs), goal: null },
  ];
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
