import { stringify } from 'yaml';
import { clusterName } from '../plan.ts';

export interface KubeconfigInput {
  readonly server: string;
  readonly user: string;
  /** Namespace of commands that name none. */
  readonly namespace: string;
  /** PEM. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A kubeconfig that holds its certificates, so that it can be copied elsewhere. */
export function renderKubeconfig(input: KubeconfigInput): string {
  const { server, user, namespace } = input;
  const cluster = { server, 'certificate-authority-data': base64(input.ca) };
  const credentials = {
    'client-certificate-data': base64(input.cert),
    'client-key-data': base64(input.key),
  };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: clusterName, cluster }],
    users: [{ name: user, user: credentials }],
    contexts: [{ name: clusterName, context: { cluster: clusterName, user, namespace } }],
    'current-context': clusterName,
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
