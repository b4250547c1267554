import type { NodePlan } from '../plan.ts';
import { expectOk, type AskApi } from './api-client.ts';
import { sandboxImage } from './image-names.ts';
import { proberNamespace } from './prober-identity.ts';
import { waitUntil } from './wait-until.ts';

const pods = `/api/v1/namespaces/${proberNamespace}/pods`;
/** Created already, although the answer was lost. */
const conflict = 409;
const notFound = 404;

/** Starts one short-lived pod on each node, past the scheduler, so that every component has something to trace. */
export async function createWarmUpPods(
  nodes: readonly Pick<NodePlan, 'name'>[],
  ask: AskApi,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(nodes.map((node) => createWhenAllowed(warmUpPod(node), ask, signal)));
}

/** A namespace that is a moment old has no service account yet, and the API server then forbids pods in it. */
async function createWhenAllowed(body: unknown, ask: AskApi, signal: AbortSignal): Promise<void> {
  const create = async (): Promise<boolean> => {
    await expectOk(ask, { method: 'POST', path: pods, body }, [conflict]);
    return true;
  };
  await waitUntil('warm-up pods created', create, signal);
}

/** Deletes the pods and resolves when they are gone. */
export async function deleteWarmUpPods(
  nodes: readonly Pick<NodePlan, 'name'>[],
  ask: AskApi,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    nodes.map(async ({ name }) => {
      const path = `${pods}/${podName(name)}`;
      const gone = async (): Promise<boolean> =>
        (await ask({ method: 'GET', path })).status === notFound;
      await expectOk(ask, { method: 'DELETE', path, body: { gracePeriodSeconds: 1 } }, [notFound]);
      await waitUntil('warm-up pods gone', gone, signal);
    }),
  );
}

function podName(node: string): string {
  return `warm-up-${node}`;
}

function warmUpPod({ name }: Pick<NodePlan, 'name'>): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podName(name), labels: { app: 'warm-up' } },
    spec: {
      nodeName: name,
      tolerations: [{ operator: 'Exists' }],
      automountServiceAccountToken: false,
      restartPolicy: 'Never',
      activeDeadlineSeconds: 300,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'pause',
          image: sandboxImage,
          imagePullPolicy: 'Never',
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}
