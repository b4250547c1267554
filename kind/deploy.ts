import { applyManifests, type Manifest } from '../local/cluster/apply-manifests.ts';
import { renderPipeline } from '../local/cluster/pipeline.ts';
import { waitUntil } from '../local/cluster/wait-until.ts';
import type { LocalContext } from '../local/context.ts';
import type { Access } from './access.ts';
import { makeNamespaces, makeSecrets, readProberKubeconfig } from '../local/cluster/secrets.ts';
import { waitingContainers, workloadStatus } from './workloads.ts';

/** Images of backends may have to be pulled. */
const withinMs = 600_000;
const reportEveryMs = 10_000;

export interface Deployment {
  readonly access: Access;
  /** Folder of the kustomization. */
  readonly overlay: string;
  /** Path of the program. */
  readonly kubectl: string;
  readonly context: LocalContext;
}

export interface Deployed {
  /** Of Deployments and DaemonSets. */
  readonly names: ReadonlySet<string>;
  /** For this machine. */
  readonly proberKubeconfig: string;
}

/** Applies a kustomization with the Secrets that it needs, and resolves when all it deploys serves. */
export async function deploy({ access, overlay, kubectl, context }: Deployment): Promise<Deployed> {
  const { ask, server, ca } = access;
  const { signal, progress } = context;
  const manifests = await renderPipeline(kubectl, overlay, signal);
  progress(`applying ${overlay}`);
  await makeNamespaces(ask, manifests);
  const { proberKubeconfig } = await makeSecrets({ ask, server, ca, signal }, false);
  await applyManifests(ask, manifests);
  await allServe(access, manifests, context);
  return {
    names: new Set(manifests.map(({ metadata }) => metadata.name)),
    proberKubeconfig: proberKubeconfig ?? (await readProberKubeconfig(ask, server)),
  };
}

async function allServe(
  { ask }: Access,
  manifests: readonly Manifest[],
  { signal, progress }: LocalContext,
): Promise<void> {
  let reportAt = performance.now() + reportEveryMs;
  let missing = '';
  const ready = async (): Promise<boolean> => {
    const status = await workloadStatus(ask, manifests);
    const names = status.filter(({ available }) => !available).map(({ name }) => name);
    if (names.length === 0) return true;
    if (performance.now() > reportAt) {
      const waiting = await waitingContainers(ask);
      missing = `${names.join(', ')}${waiting.length === 0 ? '' : ` (${waiting.join(', ')})`}`;
      progress(`waiting for ${missing}`);
      reportAt = performance.now() + reportEveryMs;
    }
    return false;
  };
  await waitUntil('the pipeline serves', ready, signal, withinMs);
}
