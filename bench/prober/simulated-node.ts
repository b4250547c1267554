import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { kubectl, program } from '../../test/support/cluster.ts';
import { eventually } from '../../test/support/eventually.ts';

export const simulatedNode = 'kube-latency-simulated';

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: simulatedNode,
    annotations: { 'kwok.x-k8s.io/node': 'fake' },
    labels: { 'kubernetes.io/hostname': simulatedNode, type: 'kwok' },
  },
  status: {
    allocatable: { cpu: '1000', memory: '1000Gi', pods: '5000' },
    capacity: { cpu: '1000', memory: '1000Gi', pods: '5000' },
  },
};

/** Has kwok play a node that takes 5,000 pods while `work` runs, and removes it. */
export async function withSimulatedNode<T>(kubeconfig: string, work: () => Promise<T>): Promise<T> {
  const kwok = spawn(
    program('kwok'),
    [
      `--kubeconfig=${kubeconfig}`,
      '--manage-all-nodes=false',
      '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
      '--node-lease-duration-seconds=40',
    ],
    { stdio: 'ignore' },
  );
  const exited = once(kwok, 'exit');
  try {
    await kubectlApply(node);
    await eventually(
      () => kubectl(['wait', '--for=condition=Ready', `node/${simulatedNode}`, '--timeout=1s']),
      { withinMs: 60_000 },
    );
    return await work();
  } finally {
    await kubectl(['delete', 'node', simulatedNode, '--ignore-not-found']);
    kwok.kill('SIGTERM');
    await exited;
  }
}

async function kubectlApply(object: object): Promise<void> {
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const folder = await mkdtemp('/tmp/kube-latency-bench-');
  try {
    await writeFile(`${folder}/object.json`, JSON.stringify(object));
    await kubectl(['apply', '--server-side', '-f', `${folder}/object.json`]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
