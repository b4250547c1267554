import type { CommandContext } from '../command.ts';
import { connectionTo, readLocalCluster } from '../cluster.ts';
import { progressLog } from '../progress-log.ts';
import type { ReadBoots } from './source/boot-source.ts';
import { fileSource } from './source/file-source.ts';
import { httpSource } from './source/http-source.ts';

/** The options that say where boots are to be read. */
export interface AskedBoots {
  /** Logs that were taken from a node; none: they are asked for elsewhere. */
  readonly paths: readonly string[];
  readonly pack: string;
  readonly timeZone?: string;
  readonly year?: number;
  /** An http or https address, else a file. */
  readonly from?: string;
  readonly node?: string;
  readonly namespace: string;
  readonly podNamespace: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Rejects with a ConfigError where there is no cluster to ask. */
export async function askedBoots(
  asked: AskedBoots,
  { env, signal, progress }: Pick<CommandContext, 'env' | 'signal' | 'progress'>,
): Promise<ReadBoots> {
  const { from, node, namespace, podNamespace, kubeconfig, context } = asked;
  if (asked.paths.length > 0) {
    const { archiveSource } = await import('./source/archive-source.ts');
    const { paths, pack, timeZone = '', year } = asked;
    const log = progressLog(progress);
    return archiveSource({ paths, pack, podNamespace, timeZone, year, log })(signal);
  }
  if (from !== undefined) {
    const isUrl = /^https?:\/\//.test(from) && URL.canParse(from);
    return (isUrl ? httpSource(new URL(from)) : fileSource(from))(signal);
  }
  const [{ createKubeClient }, { createWallClock, processClocks }, { clusterSource }] =
    await Promise.all([
      import('../../receivers/shared/kubernetes/client.ts'),
      import('../../receivers/shared/wall-clock.ts'),
      import('./source/cluster-source.ts'),
    ]);
  const connection = await connectionTo({ kubeconfig, context }, await readLocalCluster(env), env);
  const client = createKubeClient(connection, createWallClock(processClocks), 'kube-latency-boot');
  const pod = { namespace: podNamespace, name: '' };
  try {
    return await clusterSource({ client, node, namespace, pod })(signal);
  } finally {
    client.close();
  }
}
