import type { LabelRequirement, LabelSelector } from './label-selector.ts';
import { requirementsOf } from './label-selector.ts';
import { namespaceNameLabel, optInLabel, systemNamespace } from './names.ts';

/** Which namespaces are looked at: those that opted in, never the system's nor the operator's own. */
export function optInRequirements(
  ownNamespace: string,
  further: LabelSelector = {},
): readonly LabelRequirement[] {
  return [
    { key: optInLabel.key, operator: 'In', values: [optInLabel.value] },
    { key: namespaceNameLabel, operator: 'NotIn', values: [systemNamespace, ownNamespace] },
    ...requirementsOf(further),
  ];
}
