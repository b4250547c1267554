import { doneAnnotation, proberAnnotation, proberKey } from '../network-prober.ts';
import type { PodFacts } from './pod.ts';
import type { InjectingProber } from './prober.ts';
import { resourcesIn } from './resources.ts';
import { sidecarContainer, sidecarVolume, type SidecarSettings } from './sidecar.ts';

/** A key as a part of a path, by RFC 6901. */
export function pointerSegment(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** An operation of RFC 6902 that adds. */
export interface Addition {
  readonly op: 'add';
  readonly path: string;
  readonly value: unknown;
}

/** Adds a sidecar behind all that a pod has. Nothing of it changes but the mark, where it says other than `true`. */
export function injectionPatch(
  pod: PodFacts,
  prober: InjectingProber,
  settings: SidecarSettings,
): readonly Addition[] {
  const container = sidecarContainer(prober, settings, resourcesIn(pod, settings.resources));
  const marks = { [doneAnnotation]: 'true', [proberAnnotation]: proberKey(prober) };
  return [
    ...added('/metadata/annotations', pod.annotations, marks),
    settings.form === 'native'
      ? appended('/spec/initContainers', pod.initContainers, container)
      : appended('/spec/containers', pod.containers, container),
    appended('/spec/volumes', pod.volumes, sidecarVolume(prober)),
  ];
}

function appended(path: string, list: readonly unknown[] | undefined, value: unknown): Addition {
  return list === undefined
    ? { op: 'add', path, value: [value] }
    : { op: 'add', path: `${path}/-`, value };
}

function added(
  path: string,
  map: object | undefined,
  entries: Readonly<Record<string, string>>,
): Addition[] {
  if (map === undefined) return [{ op: 'add', path, value: entries }];
  return Object.entries(entries).map(([key, value]) => ({
    op: 'add',
    path: `${path}/${pointerSegment(key)}`,
    value,
  }));
}
