import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { stringify } from 'yaml';

import { measured, type Benchmark } from './figure.ts';

const pingers = Number(process.env['KUBE_LATENCY_BENCH_PINGERS'] ?? 5000);
const warmS = 70;
const measuredS = 30;
/** Clock ticks a second, in which the kernel counts CPU. */
const ticksPerS = 100;

/** The aggregator asks so many pingers once in 5 s: what it takes once its 60 s are full. */
export async function rttAggregate(): Promise<Benchmark> {
  const children: ChildProcess[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  try {
    const port = await firstLine(run(children, ['bench/rtt-aggregate/pingers.ts', `${pingers}`]));
    const urls = Array.from(
      { length: pingers },
      (_, index) => `http://127.1.${Math.floor(index / 250)}.${(index % 250) + 1}:${port}`,
    );
    const config = join(folder, 'aggregator.yaml');
    const ownPort = 19_090;
    await writeFile(config, stringify({ port: ownPort, pingers: { static: urls } }));
    const subject = run(children, ['receivers/rtt-aggregator/main.ts', '--config', config]);
    await delay(warmS * 1000);
    const before = await used(subject);
    await delay(measuredS * 1000);
    const after = await used(subject);
    const text = await (await fetch(`http://127.0.0.1:${ownPort}/metrics`)).text();
    const heard = valueOf(text, 'kube_latency_rtt_aggregator_pingers{state="heard"}');
    const judging = valueOf(text, 'kube_latency_rtt_aggregator_judging_duration_seconds');
    const one = (value: number) => measured([value]);
    return {
      name: 'rtt-aggregate',
      conditions: [
        `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`,
        `${pingers} pingers by the plan, 56 rows each every 5 s, asked over loopback; ${measuredS} s after ${warmS} s`,
      ],
      figures: [
        {
          figure: 'pingers heard',
          unit: '{pinger}',
          ours: one(heard),
          peers: {},
          goal: { atLeast: pingers },
        },
        {
          figure: 'resident memory',
          unit: 'MBy',
          ours: one(after.residentMB),
          peers: {},
          goal: null,
        },
        {
          figure: 'CPU of one core',
          unit: '%',
          ours: one((100 * (after.cpuS - before.cpuS)) / measuredS),
          peers: {},
          goal: { atMost: 100 },
        },
        {
          figure: 'a look for culprits',
          unit: 'ms',
          ours: one(judging * 1000),
          peers: {},
          goal: null,
        },
      ],
    };
  } finally {
    for (const child of children) child.kill();
    await rm(folder, { recursive: true });
  }
}

function run(children: ChildProcess[], args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('no output to read');
  const [line] = (await once(createInterface(stdout), 'line')) as [string];
  return line;
}

async function used({ pid }: ChildProcess): Promise<{ cpuS: number; residentMB: number }> {
  const [stat, status] = await Promise.all(
    ['stat', 'status'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
  );
  const fields = (stat ?? '').split(') ').at(-1)?.split(' ') ?? [];
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  return {
    cpuS: (Number(fields[11]) + Number(fields[12])) / ticksPerS,
    residentMB: (Number(resident) * 1024) / 1e6,
  };
}

function valueOf(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}
