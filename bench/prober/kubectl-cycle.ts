import { randomBytes } from 'node:crypto';
import type { ClusterState } from '../../local/state.ts';
import { program } from '../../test/support/cluster.ts';
import { cost } from './child-cpu.ts';

export interface KubectlCycle {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** One pod's life by hand: what the four commands cost. */
export async function kubectlCycle(state: ClusterState): Promise<KubectlCycle> {
  const steps = await fourCommands(state, []);
  return { cpuMs: total(steps, 'cpuMs'), wallMs: total(steps, 'wallMs') };
}

/** What the four commands ask the API server, from kubectl's own log of requests, which costs it time. */
export async function kubectlRequests(
  state: ClusterState,
): Promise<{ writes: number; reads: number }> {
  const log = (await fourCommands(state, ['-v=6'])).map(({ stderr }) => stderr).join('\n');
  const verbs = [...log.matchAll(/\b(GET|POST|PUT|PATCH|DELETE)\b"? (?:url=")?https:/g)].map(
    ([, verb]) => verb,
  );
  const reads = verbs.filter((verb) => verb === 'GET').length;
  return { writes: verbs.length - reads, reads };
}

async function fourCommands(
  { kubeconfig, probeImage }: ClusterState,
  flags: readonly string[],
): Promise<Awaited<ReturnType<typeof cost>>[]> {
  const name = `bench-${randomBytes(4).toString('hex')}`;
  const kubectl = (...args: string[]): ReturnType<typeof cost> =>
    cost([
      program('kubectl'),
      `--kubeconfig=${kubeconfig}`,
      '--namespace=default',
      ...args,
      ...flags,
    ]);
  return [
    await kubectl('run', name, `--image=${probeImage}`, '--restart=Never'),
    await kubectl('wait', '--for=condition=Ready', `pod/${name}`),
    await kubectl('label', `pod/${name}`, `probe-instance=${name}`),
    await kubectl('delete', `pod/${name}`, '--grace-period=1', '--wait=true'),
  ];
}

function total<Key extends string>(steps: readonly Record<Key, number>[], key: Key): number {
  return steps.reduce((sum, step) => sum + step[key], 0);
}
