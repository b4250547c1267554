import type { LocalContext } from './context.ts';
import { latestProcesses, readJournal, type ProcessEntry } from './host/journal.ts';
import { argumentsOf, environmentOf, isRunning } from './host/proc.ts';
import { run } from './host/run.ts';
import { localPaths } from './paths.ts';
import { entries } from './repository.ts';

/** A process of the cluster, as the kernel remembers its start. */
export interface LocalProcess {
  readonly component: string;
  readonly node: string | null;
  /** Its program first. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What it prints at an address of its own loopback; undefined where nothing answers. */
  readonly read: (url: string) => Promise<string | undefined>;
}

/** The processes of the cluster that run now, the latest of each component. */
export function localProcesses({
  env,
  signal,
}: Pick<LocalContext, 'env' | 'signal'>): LocalProcess[] {
  const latest = [...latestProcesses(readJournal(localPaths(env).journal)).values()];
  return latest
    .filter(({ pid, startTime }) => isRunning(pid, startTime))
    .map((entry) => describe(entry, signal));
}

function describe({ component, node, pid }: ProcessEntry, signal: AbortSignal): LocalProcess {
  const variables = environmentOf(pid).flatMap((line) => {
    const at = line.indexOf('=');
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  return {
    component,
    node,
    args: argumentsOf(pid),
    env: Object.fromEntries(variables),
    read: async (url) => {
      const enter = [`--net=/proc/${pid}/ns/net`, '--'];
      const command = [...enter, process.execPath, entries.healthProbe, url];
      // It may have ended since, and the signal may end the reading: either way there is no answer.
      const answer = await run('nsenter', command, { signal }).catch(() => undefined);
      return answer?.code === 0 ? answer.stdout : undefined;
    },
  };
}
