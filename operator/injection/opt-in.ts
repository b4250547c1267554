import type { Requirement } from '../label-selector.ts';
import { optInLabel, systemNamespace } from '../network-prober.ts';
import { namespaceNameLabel } from './names.ts';

/** Which namespaces are looked at: those that opted in, never the system's nor the operator's own. */
export function optInRequirements(ownNamespace: string): readonly Requirement[] {
  return [
    { key: optInLabel.key, operator: 'In', values: [optInLabel.value] },
    { key: namespaceNameLabel, operator: 'NotIn', values: [systemNamespace, ownNamespace] },
  ];
}
