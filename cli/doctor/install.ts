import type { Install } from './facts.ts';

/** What tells how a cluster was made. */
export interface InstallSigns {
  /** It is the cluster that `up` made on this machine. */
  readonly own: boolean;
  /** `v1.37.0-eks-1234` */
  readonly version: string | null;
  readonly providerIds: readonly string[];
  /** Labels of all nodes, by name. */
  readonly labels: readonly string[];
  /** Static pods of the API server; null: pods may not be listed. */
  readonly apiServerPods: number | null;
}

/** Suffixes of versions and labels of nodes by which managed clusters give themselves away. */
const managedVersion = /-(eks|gke|aliyun|tke|vke|oke|iks)\b/i;
const managedLabel =
  /^(eks\.amazonaws\.com|cloud\.google\.com\/gke-|kubernetes\.azure\.com\/|doks\.digitalocean\.com\/|ibm-cloud\.kubernetes\.io\/)/;

export function installOf(signs: InstallSigns): Install {
  const { own, version, providerIds, labels, apiServerPods } = signs;
  if (own) return 'local';
  if (providerIds.some((id) => id.startsWith('kind://'))) return 'kind';
  if (apiServerPods !== null && apiServerPods > 0) return 'kubeadm';
  const managed =
    managedVersion.test(version ?? '') || labels.some((label) => managedLabel.test(label));
  return managed ? 'managed' : 'other';
}
