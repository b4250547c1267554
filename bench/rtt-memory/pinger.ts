import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { start } from '../../test/support/command.ts';
import { eventually } from '../../test/support/eventually.ts';
import { inside } from '../rtt/network.ts';
import type { AsDeployed } from '../rtt/as-deployed.ts';

/** What a pinger is to run with. */
export interface PingerRun {
  readonly namespace: string;
  readonly entry: string;
  readonly deployed: AsDeployed;
  readonly args: readonly string[];
  /** Of Node.js, besides. */
  readonly flags?: readonly string[];
  /** Before all other programs of the machine. Default false. */
  readonly first?: boolean;
}

/** A pinger that runs. */
export interface RunningPinger {
  readonly used: () => Promise<Used>;
  /** A page of its metrics port. */
  readonly page: (path: string) => Promise<string>;
  readonly child: ChildProcess;
  readonly stop: () => Promise<void>;
}

export interface Used {
  readonly residentMb: number;
  readonly cpuUs: number;
}

export const metricsPort = 12_112;
/** Clock ticks a second, in which the kernel counts CPU. */
const usPerTick = 10_000;

/** Resolves when it is ready. */
export async function startPinger(run: PingerRun): Promise<RunningPinger> {
  const { namespace, entry, deployed, args, flags = [], first = false } = run;
  const scheduled = first ? ['chrt', '--fifo', '1'] : [];
  const command = [...scheduled, process.execPath, ...deployed.flags, ...flags, entry, ...args];
  // `ip` becomes the program that it runs.
  const child = spawn('ip', inside(namespace, command), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...deployed.env },
  });
  const page = async (path: string): Promise<string> => {
    const url = `http://127.0.0.1:${metricsPort}${path}`;
    const { code, stdout } = await start('ip', inside(namespace, ['curl', '-sf', url])).finished;
    if (code !== 0) throw new Error(`${url}: curl ended with ${code}`);
    return stdout;
  };
  await eventually(() => page('/readyz'), { withinMs: 120_000, everyMs: 500 });
  return {
    child,
    page,
    used: () => used(child.pid ?? 0),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}

async function used(pid: number): Promise<Used> {
  const [stat = '', status = ''] = await Promise.all(
    ['stat', 'status'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
  );
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return {
    residentMb: (Number(resident) * 1024) / 1e6,
    cpuUs: (Number(fields[11]) + Number(fields[12])) * usPerTick,
  };
}
