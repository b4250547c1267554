import { startKubectl } from '../../support/cluster.ts';
import { eventually } from '../../support/eventually.ts';
import assert from 'node:assert/strict';

const watchedForMs = 600_000;
const ready = '{range .endpoints[*]}{.conditions.ready} {end}{"\\n"}';

export interface ReadyEndpoints {
  /** How many there were, from the first on, at each change. */
  counts(): number[];
  stop(): Promise<void>;
}

/** Follows how many gateways are ready behind the Service. */
export async function watchReadyEndpoints(): Promise<ReadyEndpoints> {
  const watching = startKubectl(
    [
      'get',
      'endpointslices',
      '--namespace=kube-latency',
      '--selector=kubernetes.io/service-name=gateway',
      '--watch',
      `--output=jsonpath=${ready}`,
    ],
    { timeoutMs: watchedForMs },
  );
  let told = '';
  watching.child.stdout?.on('data', (text: string) => (told += text));
  const counts = (): number[] =>
    told
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' ').filter((each) => each === 'true').length);
  await eventually(() => assert.ok(counts().length > 0, watching.stderr()));
  return {
    counts,
    stop: async () => {
      watching.child.kill('SIGTERM');
      await watching.finished;
    },
  };
}
