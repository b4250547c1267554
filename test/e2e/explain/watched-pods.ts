import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { kubectl } from '../../support/cluster.ts';

/** Where the pods are made that no prober makes. */
const namespace = 'explain-e2e';

const image = 'localhost/kube-latency/busybox:1';

/** A container of a pod, as its specification has it. */
export interface ContainerSpec {
  readonly name: string;
  /** What its shell runs. */
  readonly script: string;
  readonly readinessProbe?: object;
}

export async function makeNamespace(): Promise<void> {
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found']);
  await kubectl(['create', 'namespace', namespace]);
}

export async function removeNamespace(): Promise<void> {
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
}

/** Makes a pod that the correlator watches, waits until it is Ready, and gives what to explain. */
export async function startWatchedPod(
  name: string,
  node: string,
  parts: {
    readonly init?: readonly ContainerSpec[];
    readonly containers: readonly ContainerSpec[];
  },
): Promise<string> {
  const withImage = (container: ContainerSpec) => {
    const { script, ...rest } = container;
    return { ...rest, image, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] };
  };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { 'kube-latency/observe': 'true' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      nodeSelector: { 'kubernetes.io/hostname': node },
      initContainers: (parts.init ?? []).map(withImage),
      containers: parts.containers.map(withImage),
    },
  };
  await create(pod);
  const wait = ['wait', `pod/${name}`, '--for=condition=Ready', '--timeout=60s'];
  await kubectl(['--namespace', namespace, ...wait]);
  return `${namespace}/${name}`;
}

/** Posts an object, as a controller does; `apply` would patch it into being. */
export async function create(object: object): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-objects-'));
  try {
    const file = join(folder, 'object.yaml');
    await writeFile(file, stringify(object));
    await kubectl(['create', '--filename', file]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
