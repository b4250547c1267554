import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { start } from '../../test/support/command.ts';
import { eventually } from '../../test/support/eventually.ts';
import { cost } from '../prober/child-cpu.ts';
import { farAddress, inside } from './network.ts';

/** Round trips that a program told one by one. */
export interface Told {
  readonly p50Us: number;
  readonly p99Us: number;
}

export interface ToldWithCost {
  readonly meanUs: number;
  readonly answered: number;
  readonly cpuUs: number;
}

const usPerMs = 1000;

function told(valuesUs: readonly number[]): Told {
  const sorted = valuesUs.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  if (sorted.length === 0) throw new Error('no round trip was told');
  return { p50Us: at(0.5), p99Us: at(0.99) };
}

/** iputils ping; it prints whole microseconds below a millisecond. */
export async function ping(
  namespace: string,
  to: { readonly address: string; readonly intervalMs: number; readonly seconds: number },
): Promise<Told> {
  const count = Math.round((to.seconds * 1000) / to.intervalMs);
  const args = ['-n', '-i', String(to.intervalMs / 1000), '-c', String(count), to.address];
  const { stdout } = await cost(['ip', ...inside(namespace, ['ping', ...args])]);
  return told([...stdout.matchAll(/time=([\d.]+) ms/g)].map(([, ms]) => Number(ms) * usPerMs));
}

/** fping of one address, each round trip told. */
export async function fping(
  namespace: string,
  to: { readonly address: string; readonly intervalMs: number; readonly seconds: number },
): Promise<Told> {
  const count = Math.round((to.seconds * 1000) / to.intervalMs);
  const args = ['-C', String(count), '-p', String(to.intervalMs), '-q', to.address];
  const { finished } = start('ip', inside(namespace, ['fping', ...args]));
  const { stderr } = await finished;
  const values = (stderr.split(' : ')[1] ?? '').trim().split(/\s+/);
  return told(values.filter((value) => value !== '-').map((ms) => Number(ms) * usPerMs));
}

/** What fping costs a probe of many addresses, once a second each. */
export async function fpingCost(
  namespace: string,
  addresses: readonly string[],
  seconds: number,
): Promise<number> {
  const args = ['-c', String(seconds), '-p', '1000', '-i', '1', '-Q', String(seconds)];
  const { cpuMs } = await cost([
    'ip',
    ...inside(namespace, [
      'sh',
      '-c',
      `fping ${args.join(' ')} "$@"; echo done`,
      'sh',
      ...addresses,
    ]),
  ]);
  return (cpuMs * 1000) / (addresses.length * seconds);
}

/** irtt between its own two halves, by UDP. */
export async function irtt(
  network: { readonly near: string; readonly far: string },
  seconds: number,
): Promise<Told> {
  const server = start('ip', inside(network.far, ['irtt', 'server', '-i', '0']));
  try {
    await wait(500);
    const args = ['client', '-i', '10ms', '-d', `${seconds}s`, '-q', '-o', '-', farAddress];
    const { stdout } = await start('ip', inside(network.near, ['irtt', ...args])).finished;
    const { round_trips: trips } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      round_trips: readonly { readonly delay: { readonly rtt?: number } }[];
    };
    return told(trips.flatMap(({ delay }) => (delay.rtt === undefined ? [] : [delay.rtt / 1000])));
  } finally {
    server.child.kill();
    await server.finished;
  }
}

/** smokeping_prober of many addresses once a second each, unprivileged; its mean is that of its histograms. */
export async function smokeping(
  namespace: string,
  addresses: readonly string[],
  seconds: number,
): Promise<ToldWithCost> {
  const program = 'prometheus-smokeping-prober';
  const args = [
    '--config.file=',
    '--web.listen-address=127.0.0.1:9374',
    '--ping.interval=1s',
    '--no-privileged',
    ...addresses,
  ];
  const running = start('ip', inside(namespace, [program, ...args]), { timeoutMs: 300_000 });
  const { pid } = running.child;
  const read = async (): Promise<Reading> => {
    const { stdout } = await start(
      'ip',
      inside(namespace, ['curl', '-sf', 'http://127.0.0.1:9374/metrics']),
    ).finished;
    return { cpuUs: cpuUsOf(pid ?? 0), ...sums(stdout) };
  };
  try {
    await eventually(async () => {
      if ((await read()).count < addresses.length) throw new Error('smokeping has not begun');
    });
    const before = await read();
    await wait(seconds * 1000);
    const after = await read();
    const answered = after.count - before.count;
    return {
      answered,
      meanUs: ((after.sum - before.sum) / answered) * 1e6,
      cpuUs: (after.cpuUs - before.cpuUs) / answered,
    };
  } finally {
    running.child.kill();
    await running.finished;
  }
}

interface Reading {
  readonly cpuUs: number;
  readonly count: number;
  readonly sum: number;
}

function sums(text: string): { count: number; sum: number } {
  const total = (name: string): number =>
    [
      ...text.matchAll(
        new RegExp(`^smokeping_response_duration_seconds_${name}\\{.*\\} (.+)$`, 'gm'),
      ),
    ]
      .map(([, value]) => Number(value))
      .reduce((sum, value) => sum + value, 0);
  return { count: total('count'), sum: total('sum') };
}

/** User and system time so far; Linux counts hundredths of a second. */
function cpuUsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
