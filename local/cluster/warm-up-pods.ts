import { setTimeout as delay } from 'node:timers/promises';
import type { NodePlan } from '../plan.ts';
import { expectOk, type AskApi } from './api-client.ts';
import { sandboxImage } from './image-names.ts';
import { proberNamespace } from './prober-identity.ts';

const pods = `/api/v1/namespaces/${proberNamespace}/pods`;
const allowedWithinMs = 30_000;
const forbidden = 403;
const notFound = 404;

/** Starts one short-lived pod on each node, past the scheduler, so that every component has something to trace. */
export async function createWarmUpPods(
  nodes: readonly NodePlan[],
  ask: AskApi,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(nodes.map((node) => createWhenAllowed(warmUpPod(node), ask, signal)));
}

/** A namespace that is a moment old has no service account yet, and the API server then forbids pods in it. */
async function createWhenAllowed(body: unknown, ask: AskApi, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + allowedWithinMs;
  const create: AskApi = async (asked) => {
    const answer = await ask(asked);
    if (answer.status !== forbidden || performance.now() > deadline) return answer;
    await delay(100, undefined, { signal });
    return create(asked);
  };
  await expectOk(create, { method: 'POST', path: pods, body });
}

/** Deletes the pods and resolves when they are gone. */
export async function deleteWarmUpPods(
  nodes: readonly NodePlan[],
  ask: AskApi,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    nodes.map(async ({ name }) => {
      const path = `${pods}/${podName(name)}`;
      await expectOk(ask, { method: 'DELETE', path, body: { gracePeriodSeconds: 1 } }, [notFound]);
      while ((await ask({ method: 'GET', path })).status !== notFound)
        await delay(100, undefined, { signal });
    }),
  );
}

function podName(node: string): string {
  return `warm-up-${node}`;
}

function warmUpPod({ name }: NodePlan): unknown {
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
