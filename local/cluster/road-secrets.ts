import { readFile } from 'node:fs/promises';
import type { LocalPaths } from '../paths.ts';
import type { Manifest } from './apply-manifests.ts';
import type { Pair } from '../../receivers/shared/certificates.ts';
import { pkiFile } from './component.ts';
import type { Road, RoadMember } from './road.ts';

/** Namespace and name of each Secret, and whose key pair it holds. */
export const roadSecretNames = [
  ['kube-latency', 'gateway-tls', 'gateway'],
  ['kube-latency', 'receiver-tls', 'receiver'],
  ['kube-latency-node', 'agent-tls', 'agent'],
  ['kube-latency', 'backend-tls', 'backend'],
] as const;

/** The key pairs of the local cluster, which has no backend that would need one. */
export async function readRoad(paths: LocalPaths): Promise<Road> {
  const read = (name: string): Promise<string> => readFile(pkiFile(paths, name), 'utf8');
  const pair = async (member: RoadMember): Promise<Pair> => ({
    cert: await read(`${member}.crt`),
    key: await read(`${member}.key`),
  });
  const [ca, gateway, receiver, agent] = await Promise.all([
    read('road-ca.crt'),
    pair('gateway'),
    pair('receiver'),
    pair('agent'),
  ]);
  return { ca, pairs: { gateway, receiver, agent } };
}

/** What the collectors and receivers of a cluster know each other by: made where cert-manager would make it elsewhere. */
export function roadSecrets({ ca, pairs }: Road): Manifest[] {
  return roadSecretNames.flatMap(([namespace, name, member]) => {
    const pair = pairs[member];
    return pair === undefined
      ? []
      : [
          {
            apiVersion: 'v1',
            kind: 'Secret',
            metadata: { namespace, name },
            type: 'kubernetes.io/tls',
            stringData: { 'ca.crt': ca, 'tls.crt': pair.cert, 'tls.key': pair.key },
          },
        ];
  });
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
