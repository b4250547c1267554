import { readFileSync } from 'node:fs';
import { start } from '../../test/support/command.ts';

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick is. */
const msPerTick = 10;

export interface Cost {
  /** User and system time of the program and of all that it started. */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end and says what it cost; rejects when it prints nothing or ends by a signal. Nothing else may run beside it. */
export async function cost(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Cost> {
  const [program, ...args] = command;
  const [cpuBefore, wallBefore] = [childrenCpuMs(), performance.now()];
  const finished = await start(program, args, { env, timeoutMs: 600_000 }).finished;
  if (finished.code === null || finished.stdout === '')
    throw new Error(`${command.join(' ')}: exit ${finished.code}: ${finished.stderr}`);
  return {
    cpuMs: childrenCpuMs() - cpuBefore,
    wallMs: performance.now() - wallBefore,
    stdout: finished.stdout,
    stderr: finished.stderr,
  };
}

/** proc_pid_stat(5): fields 16 and 17, cutime and cstime, of children that have ended. */
export function childrenCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * msPerTick;
}
