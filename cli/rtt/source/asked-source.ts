import type { CommandContext } from '../../command.ts';
import { connectionTo, readLocalCluster } from '../../cluster.ts';
import { fileSource } from './file-source.ts';
import { httpSource } from './http-source.ts';
import type { ReportSource } from './report-source.ts';

/** The options that say where a mesh's report is to be read. */
export interface AskedSource {
  /** An http or https address, else a file. */
  readonly from?: string;
  readonly namespace: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Rejects with a ConfigError where there is no cluster to ask. */
export async function askedSource(
  { from, namespace, kubeconfig, context }: AskedSource,
  env: CommandContext['env'],
): Promise<ReportSource> {
  if (from !== undefined) {
    return /^https?:\/\//.test(from) && URL.canParse(from)
      ? httpSource(new URL(from))
      : fileSource(from);
  }
  const [{ createKubeClient }, { createWallClock, processClocks }, { clusterSource }] =
    await Promise.all([
      import('../../../receivers/shared/kubernetes/client.ts'),
      import('../../../receivers/shared/wall-clock.ts'),
      import('./cluster-source.ts'),
    ]);
  const connection = await connectionTo({ kubeconfig, context }, await readLocalCluster(env), env);
  const clock = createWallClock(processClocks);
  return clusterSource(createKubeClient(connection, clock, 'kube-latency-rtt'), namespace);
}
