import { ConfigError } from '../../receivers/shared/errors.ts';
import {
  loadKubeConnection,
  type KubeConnection,
} from '../../receivers/shared/kubernetes/config.ts';
import { readLocalCluster } from '../cluster.ts';
import { targetDefaults, type Identity, type TargetDefaults } from './target.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The kubeconfig that a probe was asked to use; undefined where that is left open. */
export interface KubeChoice {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** Where pods are to be created, where that is said. */
  readonly namespace?: string | undefined;
}

/** Looks at the kubeconfigs and at the cluster that `up` made. Rejects with a ConfigError of one line. */
export async function resolveTarget(choice: KubeChoice, env: Environment): Promise<TargetDefaults> {
  const state = await readLocalCluster(env);
  if (state === undefined) {
    return {};
  }
  const chosen = await chosenConnection(choice, env);
  // Another server needs no look at credentials, which may mean to run a plugin or to ask for a password.
  if (chosen !== undefined && chosen.server.href !== new URL(state.server).href) {
    return {};
  }
  const admin = await loadKubeConnection({ kubeconfig: state.kubeconfig }, env);
  return targetDefaults(chosen === undefined ? undefined : await identityOf(chosen), {
    state,
    admin: await identityOf(admin),
    namespace: choice.namespace,
  });
}

async function chosenConnection(
  choice: KubeChoice,
  env: Environment,
): Promise<KubeConnection | undefined> {
  try {
    return await loadKubeConnection(choice, env);
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'no-kubeconfig') {
      return undefined;
    }
    throw error;
  }
}

async function identityOf(connection: KubeConnection): Promise<Identity> {
  const { ca, cert } = await connection.credentials();
  return { server: connection.server.href, ca: ca?.toString(), cert: cert?.toString() };
}
