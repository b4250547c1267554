import { createHash } from 'node:crypto';

import { celMap, celObject, celText } from '../cel/literal.ts';
import { proberConditions } from '../cel/pod-conditions.ts';
import { hasOwnResources, isGuaranteed, namespaceLabels, podLabels } from '../cel/pod.ts';
import { celSelects } from '../cel/selector.ts';
import { optInRequirements } from '../injection/opt-in.ts';
import { pointerSegment } from '../injection/patch.ts';
import type { InjectingProber } from '../injection/prober.ts';
import { sidecarContainer, sidecarVolume, type SidecarSettings } from '../injection/sidecar.ts';
import {
  comparePrecedence,
  doneAnnotation,
  proberAnnotation,
  proberKey,
} from '../network-prober.ts';
import { mayOverlap } from './overlap.ts';

export interface PolicyInput {
  readonly prober: InjectingProber;
  /** All that inject, by whichever way: the older ones come first. */
  readonly probers: readonly InjectingProber[];
  /** The operator's. */
  readonly ownNamespace: string;
  readonly sidecar: Pick<SidecarSettings, 'runAsUser' | 'resources'>;
}

const longestName = 253;

/** Name of a NetworkProber's policy and of its binding. */
export function policyName({
  namespace,
  name,
}: Pick<InjectingProber, 'namespace' | 'name'>): string {
  const plain = `network-prober.${namespace}.${name}`;
  if (plain.length <= longestName) return plain;
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 16);
  return `network-prober.${namespace}.${hash}`;
}

/**
 * The spec of a MutatingAdmissionPolicy that does to the same pods what the webhook would do, for one NetworkProber. By JSON Patch, whose additions go behind
 * what is there; an apply configuration would merge into a container or volume of the same name.
 */
export function policySpec({ prober, probers, ownNamespace, sidecar }: PolicyInput): object {
  const { podSelector, namespaceSelector = [] } = prober.spec;
  const namespaces = [...optInRequirements(ownNamespace), ...namespaceSelector];
  return {
    failurePolicy: 'Ignore',
    // Once more where something later has changed the pod: labels may have come. What is injected is left as it is.
    reinvocationPolicy: 'IfNeeded',
    matchConstraints: {
      matchPolicy: 'Equivalent',
      namespaceSelector: { matchExpressions: namespaces },
      objectSelector: { matchExpressions: podSelector },
      resourceRules: [
        {
          apiGroups: [''],
          apiVersions: ['v1'],
          resources: ['pods'],
          operations: ['CREATE'],
          scope: 'Namespaced',
        },
      ],
    },
    matchConditions: proberConditions(prober),
    variables: [
      { name: 'others', expression: belongsToOlder(prober, probers) },
      { name: 'hasOwnResources', expression: hasOwnResources },
      { name: 'isGuaranteed', expression: isGuaranteed },
    ],
    mutations: [
      { patchType: 'JSONPatch', jsonPatch: { expression: patchExpression(prober, sidecar) } },
    ],
  };
}

/** The order of policies is nobody's to choose, so each leaves alone what an older NetworkProber has. */
function belongsToOlder(prober: InjectingProber, probers: readonly InjectingProber[]): string {
  const older = probers.filter(
    (other) => comparePrecedence(other, prober) < 0 && mayOverlap(other, prober),
  );
  const has = older.map(({ spec: { podSelector, namespaceSelector = [] } }) =>
    [celSelects(podLabels, podSelector), celSelects(namespaceLabels, namespaceSelector)].join(
      ' && ',
    ),
  );
  return ['false', ...has.map((each) => `(${each})`)].join(' || ');
}

function patchExpression(prober: InjectingProber, sidecar: PolicyInput['sidecar']): string {
  const { requests, limits } = sidecar.resources;
  const type = 'Object.spec.initContainers';
  const amounts = (asked: object): string =>
    `${type}.resources{requests: ${celMap(asked)}, limits: ${celMap(limits)}}`;
  const resources = `?resources: variables.hasOwnResources ? optional.none() : optional.of(variables.isGuaranteed ? ${amounts(limits)} : ${amounts(requests)})`;
  const settings = { form: 'native', runAsUser: sidecar.runAsUser } as const;
  const container = celObject(sidecarContainer(prober, settings, undefined), type, [resources]);
  const volume = celObject(sidecarVolume(prober), 'Object.spec.volumes');
  const marks = { [doneAnnotation]: 'true', [proberAnnotation]: proberKey(prober) };
  const additions = [
    `(object.metadata.?annotations.hasValue() ? [${additionsTo('/metadata/annotations', marks)}] : [${addition('/metadata/annotations', celMap(marks))}])`,
    appended('initContainers', container),
    appended('volumes', volume),
  ];
  return `variables.others ? [] : ${additions.join(' + ')}`;
}

function appended(list: 'initContainers' | 'volumes', value: string): string {
  const path = `/spec/${list}`;
  return `(object.spec.?${list}.hasValue() ? [${addition(`${path}/-`, value)}] : [${addition(path, `[${value}]`)}])`;
}

function additionsTo(path: string, entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([key, text]) => addition(`${path}/${pointerSegment(key)}`, celText(text)))
    .join(', ');
}

function addition(path: string, value: string): string {
  return `JSONPatch{op: "add", path: ${celText(path)}, value: ${value}}`;
}
