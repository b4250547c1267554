import {
  doneAnnotation,
  optInLabel,
  proberAnnotation,
  proberKey,
  sidecarNames,
  systemNamespace,
} from '../network-prober.ts';
import { mirrorAnnotation } from './names.ts';
import { allContainers, lastingContainers, type PodFacts } from './pod.ts';
import type { SeenImage } from '../trial/trials.ts';
import { chooseProber, portsOf, type InjectingProber, type NamespaceFacts } from './prober.ts';
import type { SidecarSettings } from './sidecar.ts';

/** What is the case in the cluster, as far as injection depends on it. */
export interface Surroundings {
  /** In any order. */
  readonly probers: readonly InjectingProber[];
  /** By image; one that is missing was seen nowhere. */
  readonly seenImages: ReadonlyMap<string, SeenImage>;
  /** The operator's. */
  readonly ownNamespace: string;
  readonly sidecar: SidecarSettings;
}

interface Subject {
  readonly pod: PodFacts;
  readonly namespace: NamespaceFacts;
  readonly surroundings: Surroundings;
}

type Row<Reason extends string, About> = {
  readonly reason: Reason;
  /** For whoever wonders why a pod has no sidecar. */
  readonly meaning: string;
  readonly applies: (about: About) => boolean;
};

function row<Reason extends string, About>(
  reason: Reason,
  meaning: string,
  applies: (about: About) => boolean,
): Row<Reason, About> {
  return { reason, meaning, applies };
}

const annotation = ({ annotations = {} }: PodFacts, key: string): string | undefined =>
  Object.hasOwn(annotations, key) ? annotations[key] : undefined;

const isMarked = (pod: PodFacts): boolean => annotation(pod, doneAnnotation) === 'true';

const has = (pod: PodFacts, name: string): boolean =>
  allContainers(pod).some((container) => container.name === name);

/** In this order, the first that applies holds; those that follow are about the NetworkProber that has the pod. */
const ofPods = [
  row(
    'system-namespace',
    `The pod is in ${systemNamespace}`,
    ({ namespace }: Subject) => namespace.name === systemNamespace,
  ),
  row(
    'own-namespace',
    'The pod is in the namespace of the operator itself',
    ({ namespace, surroundings }: Subject) => namespace.name === surroundings.ownNamespace,
  ),
  row(
    'namespace-not-opted-in',
    `The namespace has no label ${optInLabel.key}: ${optInLabel.value}`,
    ({ namespace: { labels } }: Subject) => labels[optInLabel.key] !== optInLabel.value,
  ),
  row(
    'mirror-pod',
    'The pod shows a static pod of a kubelet, which may use no ConfigMap',
    ({ pod }: Subject) => annotation(pod, mirrorAnnotation) !== undefined,
  ),
  row(
    'already-injected',
    `Annotation ${doneAnnotation} is true, and the sidecar is there`,
    ({ pod }: Subject) => isMarked(pod) && has(pod, sidecarNames.container),
  ),
  row(
    'opted-out',
    `Annotation ${doneAnnotation} is true, and there is no sidecar: the pod wants none`,
    ({ pod }: Subject) => isMarked(pod),
  ),
] as const;

interface ProbedSubject extends Subject {
  readonly prober: InjectingProber;
}

const ofProbers = [
  row(
    'no-policies',
    'The NetworkProber injects by policy alone, and the cluster has no mutating admission policies',
    ({ prober }: ProbedSubject) => prober.way === 'none',
  ),
  row('not-linux', 'The pod is for Windows', ({ pod }: ProbedSubject) => pod.windows),
  row(
    'host-network',
    'The pod is on the network of its node, whose ports are not its own',
    ({ pod }: ProbedSubject) => pod.hostNetwork,
  ),
  row(
    'name-taken',
    `The pod has a container ${sidecarNames.container} or a volume ${sidecarNames.volume} of its own`,
    ({ pod }: ProbedSubject) =>
      has(pod, sidecarNames.container) ||
      (pod.volumes ?? []).some(({ name }) => name === sidecarNames.volume),
  ),
  row(
    'port-taken',
    `A container of the pod names httpPort, httpPrometheusPort, ${sidecarNames.pingPort} or ${sidecarNames.metricsPort} as its own`,
    arePortsTaken,
  ),
  row(
    'runs-to-completion',
    'The pod ends when its containers do, and the cluster has no native sidecars: it would never end',
    ({ pod, surroundings }: ProbedSubject) =>
      pod.completes && surroundings.sidecar.form === 'container',
  ),
  row(
    'annotations-full',
    'The annotations of the pod leave no room for two more',
    areAnnotationsFull,
  ),
  row(
    'image-not-seen',
    'The image was not started on trial on the node, or on all nodes that the pod may run on',
    isImageNotSeen,
  ),
] as const;

const noProber = {
  reason: 'no-prober',
  meaning: 'No NetworkProber matches the pod',
} as const;

/** Every reason to leave a pod as it is, in the order in which they are looked at. */
export const leaveReasons = [...ofPods, noProber, ...ofProbers].map(({ reason, meaning }) => ({
  reason,
  meaning,
}));

export type LeaveReason =
  (typeof ofPods)[number]['reason'] | 'no-prober' | (typeof ofProbers)[number]['reason'];

export type Decision =
  | { readonly kind: 'inject'; readonly prober: InjectingProber }
  | {
      readonly kind: 'leave';
      readonly reason: LeaveReason;
      /** The one that has the pod, where it was looked for and found. */
      readonly prober: InjectingProber | undefined;
    };

/** What becomes of a pod. */
export function decide(
  pod: PodFacts,
  namespace: NamespaceFacts,
  surroundings: Surroundings,
): Decision {
  const subject = { pod, namespace, surroundings };
  const first = ofPods.find(({ applies }) => applies(subject));
  if (first !== undefined) return { kind: 'leave', reason: first.reason, prober: undefined };
  const prober = chooseProber(pod.labels, namespace, surroundings.probers);
  if (prober === undefined) return { kind: 'leave', reason: noProber.reason, prober };
  const second = ofProbers.find(({ applies }) => applies({ ...subject, prober }));
  if (second !== undefined) return { kind: 'leave', reason: second.reason, prober };
  return { kind: 'inject', prober };
}

function arePortsTaken({ pod, prober }: ProbedSubject): boolean {
  const ours: Readonly<Record<string, readonly number[]>> = portsOf(prober);
  const names: readonly (string | undefined)[] = [sidecarNames.pingPort, sidecarNames.metricsPort];
  return lastingContainers(pod).some(({ ports = [] }) =>
    ports.some(
      ({ name, containerPort, protocol = 'TCP' }) =>
        names.includes(name) || ours[protocol]?.includes(containerPort) === true,
    ),
  );
}

/** Bytes of all keys and values together that Kubernetes takes. */
export const mostAnnotationBytes = 256 * 1024;

function areAnnotationsFull({ pod: { annotations = {} }, prober }: ProbedSubject): boolean {
  const all = {
    ...annotations,
    [doneAnnotation]: 'true',
    [proberAnnotation]: proberKey(prober),
  };
  const bytes = Object.entries(all)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return bytes > mostAnnotationBytes;
}

function isImageNotSeen({ pod, prober, surroundings }: ProbedSubject): boolean {
  const seen = surroundings.seenImages.get(prober.spec.agentImage);
  if (seen === undefined) return true;
  if (seen.everywhere) return false;
  return pod.nodes === undefined || !pod.nodes.every((node) => seen.nodes.has(node));
}
