import { createHash } from 'node:crypto';

import { derivedSpanId } from '../../shared/derived-id.ts';
import { observedSpanNames, phases, probedSpanNames, type Phase } from './phase.ts';

/** The trace that a pod's spans are copied into, and what parentless ones get as parent. */
export interface Target {
  readonly kind: 'probed' | 'foreign' | 'observed';
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits each. */
  readonly parents: Readonly<Record<Phase, string>>;
}

/** Chooses pods: in any of the namespaces (none named: in all), with every one of the labels. */
export interface PodSelector {
  readonly namespaces: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface TargetRules {
  /** Annotation that holds the trace context. */
  readonly annotation: string;
  /** Pods of our own prober. */
  readonly probed: readonly PodSelector[];
  /** Pods whose annotation may name any span. */
  readonly foreign: readonly PodSelector[];
  /** Pods without a context of their own, that get a trace made of what is watched. */
  readonly observed: readonly PodSelector[];
}

/** What decides on a pod's target. */
export interface PodMarks {
  readonly uid: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Value of the annotation, where it has one. */
  readonly traceparent: string | undefined;
}

export type TargetDecision =
  Target | { readonly kind: 'unwanted'; readonly reason: 'pod_not_chosen' | 'unsampled' };

const notChosen: TargetDecision = { kind: 'unwanted', reason: 'pod_not_chosen' };
const unsampled: TargetDecision = { kind: 'unwanted', reason: 'unsampled' };

function chosen(
  selectors: readonly PodSelector[],
  pod: Pick<PodMarks, 'namespace' | 'labels'>,
): boolean {
  return selectors.some(
    ({ namespaces, labels }) =>
      (namespaces.length === 0 || namespaces.includes(pod.namespace)) &&
      Object.entries(labels).every(([key, value]) => pod.labels[key] === value),
  );
}

/** Some pod of the namespace may be chosen. */
export function mayChoose(rules: TargetRules, namespace: string): boolean {
  return [...rules.probed, ...rules.foreign, ...rules.observed].some(
    ({ namespaces }) => namespaces.length === 0 || namespaces.includes(namespace),
  );
}

interface Context {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Reads a W3C traceparent of version 00; undefined for anything else, zero ids included. */
function parseTraceparent(text: string): Context | undefined {
  const [, traceId, spanId, flags] = traceparent.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function parentsByName(
  traceId: string,
  names: Readonly<Record<Phase, string>>,
): Readonly<Record<Phase, string>> {
  return Object.fromEntries(
    phases.map((phase) => [phase, derivedSpanId(traceId, names[phase])]),
  ) as Record<Phase, string>;
}

function samePlace(spanId: string): Readonly<Record<Phase, string>> {
  return Object.fromEntries(phases.map((phase) => [phase, spanId])) as Record<Phase, string>;
}

/** Trace id of a pod that is observed: SHA-256("kube-latency:<pod uid>"), first 16 bytes. */
export function observedTraceId(uid: string): string {
  return createHash('sha256').update(`kube-latency:${uid}`).digest('hex').slice(0, 32);
}

/**
 * The trace that a pod's spans go to. Its own annotation counts only where the rules honour it, and then also when it
 * says "not sampled"; else the pod is observed, if it is chosen for that.
 */
export function decideTarget(pod: PodMarks, rules: TargetRules): TargetDecision {
  const context = pod.traceparent === undefined ? undefined : parseTraceparent(pod.traceparent);
  if (context !== undefined) {
    const { traceId, spanId } = context;
    const ours = spanId === derivedSpanId(traceId, probedSpanNames.root);
    const kind = ours && chosen(rules.probed, pod) ? 'probed' : 'foreign';
    if (kind === 'probed' || chosen(rules.foreign, pod)) {
      if (!context.sampled) return unsampled;
      const parents =
        kind === 'probed' ? parentsByName(traceId, probedSpanNames) : samePlace(spanId);
      return { kind, traceId, parents };
    }
  }
  if (!chosen(rules.observed, pod)) return notChosen;
  const traceId = observedTraceId(pod.uid);
  return { kind: 'observed', traceId, parents: parentsByName(traceId, observedSpanNames) };
}
