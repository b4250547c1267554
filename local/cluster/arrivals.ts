import type { NodePlan } from '../plan.ts';

/** A node, as far as its components' spans tell it. */
export type SendingNode = Pick<NodePlan, 'name' | 'role'>;

/** A component whose spans have to arrive before a cluster counts as up. */
export interface Sender<Node extends SendingNode> {
  readonly service: string;
  readonly node: Node;
}

/** Every component of every node that traces. */
export function expectedSenders<Node extends SendingNode>(nodes: readonly Node[]): Sender<Node>[] {
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
