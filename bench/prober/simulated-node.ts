import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
      ...stages().map((file) => `--config=${file}`),
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

/** What kwok's own module says of the life of a node and a pod; its program does nothing without. */
function stages(): string[] {
  const module = fileURLToPath(new URL('../../local/tools/kwok', import.meta.url));
  const args = ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'];
  const folder = execFileSync('go', args, { cwd: module, encoding: 'utf8' }).trim();
  const stage = join(folder, 'kustomize/stage');
  return [
    'node/fast/node-initialize.yaml',
    'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
    'pod/fast/pod-ready.yaml',
    'pod/fast/pod-complete.yaml',
    'pod/fast/pod-delete.yaml',
  ].map((file) => join(stage, file));
}

async function kubectlApply(object: object): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-bench-'));
  try {
    const file = join(folder, 'object.json');
    await writeFile(file, JSON.stringify(object));
    await kubectl(['apply', '--server-side', '-f', file]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
