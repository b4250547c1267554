import type { Family, Labels, Points } from '../metrics/families.ts';

/** Families that say of each point which network it is of; the same where it has no name. */
export function ofNetwork(families: readonly Family[], network: string): readonly Family[] {
  if (network === '') return families;
  const label: Labels = { 'kube_latency.rtt.network': network };
  return families.map((family) =>
    family.kind === 'histogram'
      ? { ...family, points: labelled(family.points, label) }
      : { ...family, points: labelled(family.points, label) },
  );
}

function labelled<Value>(points: Points<Value>, label: Labels): Points<Value> {
  return {
    *[Symbol.iterator]() {
      for (const point of points) yield { ...point, labels: { ...point.labels, ...label } };
    },
  };
}
