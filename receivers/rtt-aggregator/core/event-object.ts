import { createHash } from 'node:crypto';

import {
  microTime,
  type EventObject,
  type ObjectReference,
} from '../../shared/kubernetes/event-object.ts';
import { findingKey, findingText } from './finding.ts';
import type { VerdictChange } from './verdicts.ts';

/** Events of what lies in no namespace lie in this one. */
const eventNamespace = 'default';

/** Who tells. */
export interface Reporter {
  /** The pod's name. */
  readonly instance: string;
  readonly namespace: string;
}

const reasons = { node: 'RttNodeLossy', link: 'RttLinkLossy', zones: 'RttZonesLossy' } as const;
const clearedSuffix = 'Cleared';

/** The event of a change. The same culprit has the same name again, so that what is told again becomes a series. */
export function eventOf(change: VerdictChange, reporter: Reporter, nowMs: number): EventObject {
  const { kind, verdict } = change;
  const appeared = kind === 'appeared';
  const reason = `${reasons[verdict.kind]}${appeared ? '' : clearedSuffix}`;
  const hash = createHash('sha256')
    .update(`${reason}|${findingKey(verdict)}`)
    .digest('hex');
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `kube-latency-rtt.${hash.slice(0, 16)}`, namespace: eventNamespace },
    eventTime: microTime(nowMs),
    reportingController: 'kube-latency/rtt-aggregator',
    reportingInstance: reporter.instance.slice(0, 128),
    action: 'Probing',
    reason,
    ...aboutWhom(change, reporter),
    note: appeared
      ? `${findingText(verdict)}: ${percent(verdict.loss)} of the probes are lost, and this explains it best`
      : `${findingText(verdict)}: probes are answered again`,
    type: appeared ? 'Warning' : 'Normal',
  };
}

/** A link regards the node that sends. Zones are no objects: the aggregator's own namespace stands in. */
function aboutWhom(
  { verdict }: VerdictChange,
  { namespace }: Reporter,
): Pick<EventObject, 'regarding' | 'related'> {
  switch (verdict.kind) {
    case 'node':
      return { regarding: node(verdict.node) };
    case 'link':
      return { regarding: node(verdict.from), related: node(verdict.to) };
    case 'zones':
      return { regarding: { apiVersion: 'v1', kind: 'Namespace', name: namespace } };
  }
}

function node(name: string): ObjectReference {
  return { apiVersion: 'v1', kind: 'Node', name, uid: name };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
