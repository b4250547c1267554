import { allContainers, type PodFacts, type Resources } from './pod.ts';
import { billionths } from './quantity.ts';

export interface SidecarResources {
  readonly requests: Readonly<Record<'cpu' | 'memory', string>>;
  readonly limits: Readonly<Record<'cpu' | 'memory', string>>;
}

/**
 * What a sidecar gets in a pod. A pod that gets all it asks for (QoS class Guaranteed) stays one: there the sidecar requests its limits. Of a
 * pod that has resources as a whole it takes its share, and brings none: containers together may not exceed their pod.
 */
export function resourcesIn(
  pod: PodFacts,
  { requests, limits }: SidecarResources,
): SidecarResources | undefined {
  if (pod.resources?.requests !== undefined || pod.resources?.limits !== undefined)
    return undefined;
  return isGuaranteed(pod) ? { requests: limits, limits } : { requests, limits };
}

function isGuaranteed(pod: PodFacts): boolean {
  return allContainers(pod).every(({ resources = { requests: undefined, limits: undefined } }) =>
    (['cpu', 'memory'] as const).every((name) => requestsItsLimit(name, resources)),
  );
}

function requestsItsLimit(
  name: 'cpu' | 'memory',
  { requests = {}, limits = {} }: Resources,
): boolean {
  const limit = limits[name];
  if (limit === undefined) return false;
  const [most, asked] = [billionths(limit), billionths(requests[name] ?? limit)];
  return most !== undefined && most > 0n && most === asked;
}
