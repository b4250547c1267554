import type { ClusterState } from '../../local/state.ts';

/** An API server and who one is to it, as far as a kubeconfig tells. */
export interface Identity {
  readonly server: string;
  /** PEM of the authority, undefined where the system's decide. */
  readonly ca: string | undefined;
  /** PEM of the client certificate, undefined where something else identifies. */
  readonly cert: string | undefined;
}

/** The cluster that `up` made, and its administrator. */
export interface OwnCluster {
  readonly state: ClusterState;
  readonly admin: Identity;
  /** Where pods are to be created; undefined: where the prober may. */
  readonly namespace: string | undefined;
}

/** What a probe takes from the cluster that `up` made; nothing where it probes another one. */
export interface TargetDefaults {
  /** Kubeconfig to use instead of the chosen one. */
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly image?: string;
  readonly collectorEndpoint?: string;
}

/**
 * Decides where a probe goes. The chosen kubeconfig stands, but the administrator of the cluster that `up` made, or
 * nobody, becomes its prober, whose certificate lets the API server join the probe's trace. Where the prober has no rights,
 * in another namespace, the administrator probes.
 */
export function targetDefaults(
  chosen: Identity | undefined,
  own: OwnCluster | undefined,
): TargetDefaults {
  if (own === undefined || (chosen !== undefined && !sameCluster(chosen, own.admin))) {
    return {};
  }
  const { namespace, state } = own;
  const { proberKubeconfig, proberNamespace, probeImage, collectorEndpoint } = state;
  const here = {
    image: probeImage,
    ...(collectorEndpoint === undefined ? {} : { collectorEndpoint }),
  };
  if (chosen !== undefined && !samePem(chosen.cert, own.admin.cert)) return here;
  return namespace === undefined || namespace === proberNamespace
    ? { ...here, kubeconfig: proberKubeconfig, namespace: proberNamespace }
    : { ...here, kubeconfig: state.kubeconfig };
}

function sameCluster(one: Identity, other: Identity): boolean {
  return new URL(one.server).href === new URL(other.server).href && samePem(one.ca, other.ca);
}

function samePem(one: string | undefined, other: string | undefined): boolean {
  return one?.trim() === other?.trim();
}
