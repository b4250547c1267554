import type { ClusterState } from '../../local/state.ts';
import type { KubeConnection } from '../../receivers/shared/kubernetes/config.ts';
import { connectionTo, readLocalCluster } from '../cluster.ts';
import type { CommandContext } from '../command.ts';
import { resolveTarget } from '../probe/resolve-target.ts';
import type { TargetDefaults } from '../probe/target.ts';
import type { Facts } from './facts.ts';

/** Which cluster is examined, as whose prober, and where its spans arrive. */
export interface ExamineOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly backend?: URL;
}

/** Finds the cluster that is asked for, and gathers what can be seen of it. Rejects where there is none, or it does not answer. */
export async function examineCluster(
  context: CommandContext,
  options: ExamineOptions,
): Promise<Facts> {
  const choice = { kubeconfig: options.kubeconfig, context: options.context };
  const state = await readLocalCluster(context.env);
  const target = await resolveTarget(choice, context.env);
  const connection = await connectionTo(choice, state, context.env);
  context.progress(`examining the cluster at ${connection.server.origin}`);
  return examine(context, options, { connection, target, state });
}

interface Examined {
  readonly connection: KubeConnection;
  readonly target: TargetDefaults;
  readonly state: ClusterState | undefined;
}

async function examine(
  context: CommandContext,
  options: ExamineOptions,
  { connection, target, state }: Examined,
): Promise<Facts> {
  const [
    { createKubeClient },
    { loadKubeConnection },
    { createWallClock, processClocks },
    { gather },
  ] = await Promise.all([
    import('../../receivers/shared/kubernetes/client.ts'),
    import('../../receivers/shared/kubernetes/config.ts'),
    import('../../receivers/shared/wall-clock.ts'),
    import('./gather/gather.ts'),
  ]);
  const clock = createWallClock(processClocks);
  // Only the cluster that `up` made gives defaults to a probe.
  const own = target.collectorEndpoint === undefined ? undefined : state;
  const proberConnection =
    target.kubeconfig === undefined
      ? connection
      : await loadKubeConnection({ kubeconfig: target.kubeconfig }, context.env);
  const product = 'kube-latency-doctor';
  const viewer = createKubeClient(connection, clock, product);
  const prober = createKubeClient(proberConnection, clock, product);
  try {
    return await gather(
      {
        viewer,
        prober,
        proberOrigin: proberConnection.origin,
        namespace:
          options.namespace ?? target.namespace ?? connection.contextNamespace ?? 'default',
        own,
        backend: options.backend ?? (own === undefined ? null : new URL(own.viewerUrl)),
      },
      context,
    );
  } finally {
    viewer.close();
    prober.close();
  }
}
