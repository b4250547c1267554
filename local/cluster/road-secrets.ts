import { readFile } from 'node:fs/promises';
import type { LocalPaths } from '../paths.ts';
import type { Manifest } from './apply-manifests.ts';
import { pkiFile } from './component.ts';

/** Namespace and name of each Secret, and the key pair that it holds. */
const pairs = [
  ['kube-latency', 'gateway-tls', 'gateway'],
  ['kube-latency', 'receiver-tls', 'receiver'],
  ['kube-latency-node', 'agent-tls', 'agent'],
] as const;

/** What the collectors and receivers of the cluster know each other by: made where cert-manager would make it elsewhere. */
export async function roadSecrets(paths: LocalPaths): Promise<Manifest[]> {
  const read = (name: string): Promise<string> => readFile(pkiFile(paths, name), 'utf8');
  const ca = await read('road-ca.crt');
  return Promise.all(
    pairs.map(async ([namespace, name, pair]) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace, name },
      type: 'kubernetes.io/tls',
      stringData: {
        'ca.crt': ca,
        'tls.crt': await read(`${pair}.crt`),
        'tls.key': await read(`${pair}.key`),
      },
    })),
  );
}

/** The prober's certificate, for probes that run in the cluster. */
export function proberSecret(kubeconfig: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'kube-latency', name: 'prober-kubeconfig' },
    stringData: { kubeconfig },
  };
}
