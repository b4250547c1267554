import { kubectl } from './cluster.ts';

/** Applies a kustomization's folder as `up` does. */
export async function applyAsUp(folder: string): Promise<void> {
  const by = ['--server-side', '--force-conflicts', '--field-manager=kube-latency'];
  await kubectl(['apply', ...by, '--kustomize', folder]);
}

/** Resolves when all pods of a workload, such as `daemonset/agent`, are those of its newest version, and ready. */
export async function rolledOut(namespace: string, workload: string): Promise<void> {
  await kubectl(['--namespace', namespace, 'rollout', 'status', '--timeout=120s', workload]);
}
