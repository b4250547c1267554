import type { NodePlan } from '../plan.ts';

/** A component whose spans have to arrive before a cluster counts as up. */
export interface Sender {
  readonly service: string;
  readonly node: NodePlan;
}

/** Every component of every node that traces. */
export function expectedSenders(nodes: readonly NodePlan[]): Sender[] {
  return nodes.flatMap((node) => {
    const services =
      node.role === 'control-plane'
        ? ['apiserver', 'etcd', 'kubelet', 'containerd']
        : ['kubelet', 'containerd'];
    return services.map((service) => ({ service, node }));
  });
}

export function senderKey(service: string, node: string): string {
  return `${service} on ${node}`;
}

interface Attribute {
  readonly key: string;
  readonly value?: { readonly stringValue?: string };
}

interface TraceRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly Attribute[] };
  }[];
}

/** Who sent the spans of one line of the gateway's file: one OTLP request as JSON. Throws for what is no JSON. */
export function sendersOf(line: string): string[] {
  const { resourceSpans = [] } = JSON.parse(line) as TraceRequest;
  return resourceSpans.map(({ resource }) => {
    const value = (key: string): string =>
      resource?.attributes?.find((attribute) => attribute.key === key)?.value?.stringValue ?? '?';
    return senderKey(value('service.name'), value('k8s.node.name'));
  });
}
