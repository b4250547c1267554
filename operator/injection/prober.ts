import { selects, type Labels } from '../label-selector.ts';
import {
  comparePrecedence,
  type Mode,
  type NetworkProber,
  type ValidProber,
} from '../network-prober.ts';
import { udpPort } from './names.ts';

/** How a NetworkProber's sidecars come into pods; none: it asks for policies, and the cluster has none. */
export type Way = 'policy' | 'webhook' | 'none';

/** A NetworkProber that wants sidecars. */
export type InjectingProber = ValidProber & { readonly way: Way };

export interface NamespaceFacts {
  readonly name: string;
  readonly labels: Labels;
}

/** Those of all NetworkProbers that want sidecars, and how. */
export function injectingProbers(
  probers: readonly NetworkProber[],
  { policies }: { /** The cluster has mutating admission policies. */ readonly policies: boolean },
): readonly InjectingProber[] {
  return probers.flatMap((prober) => {
    if (prober.kind === 'invalid' || prober.deleted) return [];
    const way = wayOf(prober.spec.mode, policies);
    return way === undefined ? [] : [{ ...prober, way }];
  });
}

/** Undefined: nothing is injected. */
function wayOf(mode: Mode, policies: boolean): Way | undefined {
  switch (mode) {
    case 'auto':
      return policies ? 'policy' : 'webhook';
    case 'policy':
      return policies ? 'policy' : 'none';
    case 'webhook':
      return 'webhook';
    case 'daemonset':
    case 'none':
      return undefined;
  }
}

/** The one that has a pod with these labels, whether or not it can inject into it. */
export function chooseProber(
  labels: Labels,
  namespace: NamespaceFacts,
  probers: readonly InjectingProber[],
): InjectingProber | undefined {
  return probers
    .filter(
      ({ spec: { podSelector, namespaceSelector = [] } }) =>
        selects(podSelector, labels) && selects(namespaceSelector, namespace.labels),
    )
    .toSorted(comparePrecedence)[0];
}

/** TCP and UDP ports that its sidecars listen on. */
export function portsOf({
  spec,
}: InjectingProber): Readonly<Record<'TCP' | 'UDP', readonly number[]>> {
  const { httpPort, httpPrometheusPort, protocols = [] } = spec;
  return { TCP: [httpPort, httpPrometheusPort], UDP: protocols.includes('udp') ? [udpPort] : [] };
}
