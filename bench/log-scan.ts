import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../build/bundle.ts';
import { measured, type Benchmark, type Figure, type Measured } from './figure.ts';
import { corpora, writeCorpus, type Corpus } from './log-scan/corpora.ts';
import { fileLog, grepFixed, naive, patterns, ripgrep, type Ran } from './log-scan/peers.ts';
import { cost } from './prober/child-cpu.ts';

const rounds = 5;
const flatBytes = 10_000_000_000;
/** A small heap, one arena, and one compiler for JavaScript: the other one saves little time and takes 3 MB. */
const v8 = ['--max-semi-space-size=1', '--max-heap-size=16', '--single-threaded', '--no-opt'];
const env = { MALLOC_ARENA_MAX: '1' };

interface OurRun {
  readonly bytes: number;
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMib: number;
  readonly occurrences: number;
  /** Of the whole process. */
  readonly wallMs: number;
}

interface Bench {
  readonly folder: string;
  readonly subject: string;
  readonly naive: string;
}

/** The scan beside ripgrep, grep -F, the Collector's file_log and a loop of regular expressions, with the same events. */
export async function logScan(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  try {
    const bench = {
      folder,
      subject: await bundle('bench/log-scan/subject/main.ts', join(folder, 'subject')),
      naive: await bundle('bench/log-scan/naive/main.ts', join(folder, 'naive')),
    };
    return { name: 'log-scan', conditions: conditions(), figures: await figures(bench) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function conditions(): string[] {
  return [
    `Node ${process.version} ${v8.join(' ')}, ${cpus().length} x ${cpus()[0]?.model}`,
    `${patterns.length} patterns of 18 events, stamps and records of what they find; besides, ours looks for units and counters`,
    'logs are in the page cache; ours is the scan with reading, in a process that was started for it, and beside it that whole process',
    'peers are whole processes: rg --count, grep -F --count for the literals alone, a loop over lines in Node, file_log to a file',
    'speeds by CPU are bytes over user and system time: what others on the machine do changes those least',
  ];
}

async function figures(bench: Bench): Promise<Figure[]> {
  return [
    ...(await speed(bench, corpora.boot, 1000)),
    ...(await speed(bench, corpora.tenth, 300)),
    ...(await speed(bench, corpora.every)),
    ...(await speed(bench, corpora.journal)),
    ...(await speed(bench, corpora.random)),
    ...(await speed(bench, corpora.line)),
    ...(await flood(bench)),
  ];
}

async function speed(bench: Bench, corpus: Corpus, goal?: number): Promise<Figure[]> {
  say(`writing ${corpus.name}`);
  const log = await writeCorpus(bench.folder, corpus);
  const beside = corpus === corpora.boot || corpus === corpora.tenth;
  const last = `Nov 28 23:59:59 host kubelet: I1128 event="NodeReady" last of ${corpus.name}`;
  if (beside) await appendFile(log, `${last}\n`);
  const own: OurRun[] = [];
  const others: Record<string, Ran[]> = {};
  for (let round = 1; round <= rounds; round++) {
    say(`${corpus.name}, round ${round} of ${rounds}`);
    own.push(await ours(bench, log, { source: corpus.source }));
    (others['ripgrep'] ??= []).push(await ripgrep(log));
    (others['grep -F'] ??= []).push(await grepFixed(log));
    if (!beside || round > 1) continue;
    (others['a loop in Node'] ??= []).push(await naive(bench.naive, log));
    (others['file_log'] ??= []).push(await fileLog(log, `last of ${corpus.name}`));
  }
  await rm(log);
  const bytes = own[0]?.bytes ?? 0;
  const peers = (of: (ran: Ran) => number): Record<string, Measured> =>
    Object.fromEntries(
      Object.entries(others).map(([name, runs]) => [
        name,
        measured(runs.map((ran) => rate(bytes, of(ran)))),
      ]),
    );
  const wall = peers((ran) => ran.wallMs);
  const figure = (what: string, of: (run: OurRun) => number): Figure => ({
    figure: `${corpus.name}: ${what}`,
    unit: 'MB/s',
    ours: measured(own.map((run) => rate(bytes, of(run)))),
    peers: wall,
    goal: null,
  });
  const goals: Figure['goal'] = goal === undefined ? null : { atLeast: goal };
  return [
    { ...figure('speed', (run) => run.ms), goal: goals },
    figure('speed of the whole process', (run) => run.wallMs),
    { ...figure('speed by CPU', (run) => run.cpuMs), peers: peers((ran) => ran.cpuMs) },
    {
      ...figure('RSS at most', (run) => run.peakMib),
      unit: 'MiB',
      ours: measured(own.map((run) => run.peakMib)),
      peers: {},
      goal: { atMost: 60 },
    },
  ];
}

/** 10 GB of lines that tell nothing, and each line's cost. */
async function flood(bench: Bench): Promise<Figure[]> {
  say(`${flatBytes / 1e9} GB without a match`);
  const log = await writeCorpus(bench.folder, corpora.journal);
  const short = await ours(bench, log, { source: 'Journal' });
  const long = await ours(bench, log, { source: 'Journal', bytes: flatBytes });
  const lines = await lineCount(log);
  await rm(log);
  return [
    {
      figure: 'CPU a line without a match',
      unit: 'us',
      ours: measured([(long.cpuMs * 1000) / (lines * (long.bytes / short.bytes))]),
      peers: {},
      goal: { atMost: 0.3 },
    },
    {
      figure: 'RSS at most after 10 GB, over that after 200 MB',
      unit: '1',
      ours: measured([long.peakMib / short.peakMib]),
      peers: {},
      goal: { atMost: 1.02 },
    },
  ];
}

async function lineCount(log: string): Promise<number> {
  const { stdout } = await cost(['wc', '-l', log]);
  return Number.parseInt(stdout, 10);
}

async function ours(
  { subject }: Bench,
  log: string,
  options: Readonly<Record<string, string | number>>,
): Promise<OurRun> {
  const args = Object.entries({ log, ...options }).map(([name, value]) => `--${name}=${value}`);
  const { stdout, wallMs } = await cost([process.execPath, ...v8, subject, ...args], env);
  return { ...(JSON.parse(stdout) as Omit<OurRun, 'wallMs'>), wallMs };
}

/** Megabytes a second. */
function rate(bytes: number, ms: number): number {
  return bytes / 1000 / ms;
}

function say(what: string): void {
  console.error(`bench log-scan: ${what}`);
}
