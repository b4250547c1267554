import { one, workloads, type KubeObject } from './objects.ts';

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: string | number; readonly protocol: string }[];
}

interface Policy {
  readonly podSelector: Selector;
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

interface Port {
  readonly name: string;
  readonly containerPort: number;
}

/** Pods of namespace kube-latency as policies see them. */
export interface Pods {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
}

/** The pods behind a workload's name. */
export function podsOf(objects: readonly KubeObject[], name: string): Pods {
  const found = workloads(objects).find(({ object }) => object.metadata.name === name);
  if (found === undefined) throw new Error(`no workload ${name}`);
  const { labels } = found.template.metadata;
  return { name, labels, ports: found.pod.containers.flatMap(({ ports = [] }) => ports) };
}

/** The pods and the port behind `https://tempo.kube-latency.svc:3200` or `tempo.kube-latency.svc:4317`. */
export function behind(objects: readonly KubeObject[], address: string): { to: Pods; port: Port } {
  const [, service = '', number = ''] =
    /^(?:https?:\/\/)?([\w-]+)\.kube-latency\.svc:(\d+)$/.exec(address) ?? [];
  const { spec } = one(objects, 'Service', service) as {
    spec: { selector: Selector['matchLabels']; ports: { port: number; targetPort: string }[] };
  };
  const to = workloads(objects)
    .map(({ object }) => podsOf(objects, object.metadata.name))
    .find(({ labels }) => matches({ matchLabels: spec.selector ?? {} }, labels));
  const target = spec.ports.find(({ port }) => port === Number(number))?.targetPort;
  const port = to?.ports.find(({ name }) => name === target);
  if (to === undefined || port === undefined) throw new Error(`nothing is behind ${address}`);
  return { to, port };
}

/** Whether policies, of which each selected pod needs one that allows it, let TCP from one pod to a port of another. */
export function allowed(
  policies: readonly KubeObject[],
  from: Pods | 'a node',
  { to, port }: { readonly to: Pods; readonly port: Port },
): boolean {
  const specs = policies.map(({ spec }) => spec as Policy);
  const into = rules(specs, 'Ingress', to);
  const sender = from === 'a node' ? undefined : from;
  const mayCome =
    into === undefined || into.some((rule) => opens(rule, port) && names(rule.from, sender));
  if (sender === undefined) return mayCome;
  const outOf = rules(specs, 'Egress', sender);
  return (
    mayCome &&
    (outOf === undefined || outOf.some((rule) => opens(rule, port) && names(rule.to, to)))
  );
}

/** Rules for pods in one direction; undefined where no policy selects them. */
function rules(
  policies: readonly Policy[],
  direction: 'Ingress' | 'Egress',
  { labels }: Pods,
): Rule[] | undefined {
  const selecting = policies.filter(
    ({ podSelector, policyTypes }) =>
      policyTypes.includes(direction) && matches(podSelector, labels),
  );
  if (selecting.length === 0) return undefined;
  return selecting.flatMap(({ ingress = [], egress = [] }) =>
    direction === 'Ingress' ? ingress : egress,
  );
}

function opens({ ports }: Rule, { name, containerPort }: Port): boolean {
  if (ports === undefined) return true;
  return ports.some(
    ({ port, protocol }) => protocol === 'TCP' && (port === name || port === containerPort),
  );
}

/** Whether a rule's peers include pods of this namespace; no peers at all include everybody. */
function names(peers: readonly Peer[] | undefined, pods: Pods | undefined): boolean {
  if (peers === undefined) return true;
  return peers.some(
    ({ podSelector, namespaceSelector }) =>
      pods !== undefined &&
      namespaceSelector === undefined &&
      podSelector !== undefined &&
      matches(podSelector, pods.labels),
  );
}

function matches({ matchLabels = {} }: Selector, labels: Pods['labels']): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}
