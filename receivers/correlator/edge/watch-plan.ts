import type { PodSelector, TargetRules } from '../core/target.ts';

/** One collection to follow: pods of one namespace or of all, on one node or on any, that carry every label. */
export interface WatchPlan {
  readonly namespace: string | undefined;
  readonly nodeName: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Specification and status are of use; else no more than metadata is asked for. */
  readonly whole: boolean;
}

export interface WatchScope {
  /** Watch all pods of this node. */
  readonly nodeName: string | undefined;
  /** Watch all pods that are chosen. */
  readonly chosen: boolean;
}

/**
 * The fewest collections that hold every pod that matters. A pod of the prober is known by its annotation; of one that
 * is foreign or observed it matters what its status says.
 */
export function planWatches(
  scope: WatchScope,
  { probed, foreign, observed }: TargetRules,
): readonly WatchPlan[] {
  const whole = foreign.length + observed.length > 0;
  const ofNode =
    scope.nodeName === undefined
      ? []
      : [{ namespace: undefined, nodeName: scope.nodeName, labels: {}, whole }];
  const ofChosen = scope.chosen
    ? [
        ...probed.flatMap((selector) => plansOf(selector, false)),
        ...[...foreign, ...observed].flatMap((selector) => plansOf(selector, true)),
      ]
    : [];
  return [...ofNode, ...ofChosen].reduce(withPlan, []);
}

function plansOf({ namespaces, labels }: PodSelector, whole: boolean): WatchPlan[] {
  const places = namespaces.length === 0 ? [undefined] : namespaces;
  return places.map((namespace) => ({ namespace, nodeName: undefined, labels, whole }));
}

/** Adds a plan, unless one holds all that it would; drops those that it holds. */
function withPlan(plans: readonly WatchPlan[], plan: WatchPlan): readonly WatchPlan[] {
  const wider = plans.find((each) => contains(each, plan)) ?? plan;
  const narrower = [plan, ...plans].filter((each) => each !== wider && contains(wider, each));
  const whole = [wider, ...narrower].some((each) => each.whole);
  const others = plans.filter((each) => each !== wider && !narrower.includes(each));
  return [...others, { ...wider, whole }];
}

function contains(wide: WatchPlan, narrow: WatchPlan): boolean {
  return (
    (wide.namespace === undefined || wide.namespace === narrow.namespace) &&
    (wide.nodeName === undefined || wide.nodeName === narrow.nodeName) &&
    carries(narrow.labels, wide.labels)
  );
}

function carries(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Whether a plan holds a pod, as far as its metadata tells: it does not tell the node. */
export function holdsAnywhere(
  { namespace, nodeName, labels }: WatchPlan,
  pod: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
): boolean {
  const inPlace = namespace === undefined || namespace === pod.namespace;
  return nodeName === undefined && inPlace && carries(pod.labels, labels);
}

/** Path and selectors of a plan's collection. */
export function collectionOf({ namespace, nodeName, labels }: WatchPlan): {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
} {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  return {
    path:
      namespace === undefined
        ? '/api/v1/pods'
        : `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`,
    query: {
      ...(nodeName === undefined ? {} : { fieldSelector: `spec.nodeName=${nodeName}` }),
      ...(labelSelector === '' ? {} : { labelSelector }),
    },
  };
}
