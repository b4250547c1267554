import { setTimeout as delay } from 'node:timers/promises';
import { clusterFailed } from '../errors.ts';
import { belongingTo, type Marks } from './belonging.ts';
import {
  allProcesses,
  cgroupsOf,
  commandName,
  environmentOf,
  processInfo,
  type ProcessInfo,
} from './proc.ts';

const endWithinMs = 20_000;
const reapWithinMs = 5000;

/**
 * Ends every process with these marks, those that they start meanwhile too, and waits until none is left.
 * Rejects, naming them, when some outlive SIGKILL for 20 s.
 */
export async function killAll(marks: Marks): Promise<ProcessInfo[]> {
  const killed: ProcessInfo[] = [];
  const deadline = performance.now() + endWithinMs;
  for (let left = findAll(marks); left.length > 0; left = findAll(marks)) {
    if (performance.now() > deadline)
      throw clusterFailed(
        `processes outlived SIGKILL: ${left.map(({ pid }) => `${commandName(pid)} (${pid})`).join(', ')}; something in the kernel holds them, often a disk: \`kube-latency down\` again, or a reboot, ends them`,
      );
    for (const { pid } of left) kill(pid);
    killed.push(...left);
    await delay(20);
  }
  return killed;
}

/** Waits until the system has reaped ended processes, which some systems do only now and then; 5 s at the most. */
export async function awaitReaped(ended: readonly ProcessInfo[]): Promise<void> {
  const deadline = performance.now() + reapWithinMs;
  const remains = ({ pid, startTime }: ProcessInfo): boolean =>
    processInfo(pid)?.startTime === startTime;
  while (ended.some(remains) && performance.now() < deadline) await delay(20);
}

function findAll(marks: Marks): ProcessInfo[] {
  const candidates = allProcesses()
    .filter(({ state }) => state !== 'Z')
    .map((info) => ({
      ...info,
      environment: environmentOf(info.pid),
      cgroups: cgroupsOf(info.pid),
    }));
  const found = belongingTo(marks, candidates, process.pid);
  return candidates.filter(({ pid }) => found.has(pid));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
