import { readdirSync, readFileSync } from 'node:fs';
import { containersOf, processesOf } from '../../test/support/components.ts';

const names = ['agent', 'gateway', 'pod-prober'] as const;

/** What the processes of one container hold at one moment. */
export interface Consumption {
  /** Such as `correlator on kube-latency-worker`. */
  readonly who: string;
  /** Resident set, in bytes. */
  readonly rssBytes: number;
  readonly descriptors: number;
  /** Of the container, since its pod began. */
  readonly restarts: number;
}

/** What each container of the pipeline holds now. */
export async function consumption(): Promise<Consumption[]> {
  const containers = (await Promise.all(names.map((name) => containersOf(name)))).flat();
  return containers
    .filter(({ name }) => name !== 'viewer')
    .flatMap(({ id, name, pod, node, restarts }) => {
      const held = processesOf(id).flatMap(heldBy);
      if (held.length === 0) return [];
      const part = pod.startsWith('gateway') ? 'gateway' : name;
      return [
        {
          who: `${part} on ${node}`,
          rssBytes: held.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
          descriptors: held.reduce((sum, { descriptors }) => sum + descriptors, 0),
          restarts,
        },
      ];
    });
}

/** Nothing where the process has ended meanwhile. */
function heldBy(pid: number): { rssBytes: number; descriptors: number }[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    return [{ rssBytes: kibibytes * 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length }];
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
