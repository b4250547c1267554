import { createHash } from 'node:crypto';

import { microTime, type EventObject } from '../../../receivers/shared/kubernetes/event-object.ts';
import { apiVersion, kind, type Condition, type ProberIdentity } from '../../network-prober.ts';

export interface ConditionChange {
  readonly prober: ProberIdentity;
  readonly before: Condition | undefined;
  readonly now: Condition;
}

/** Which replica tells. */
export interface Reporter {
  readonly instance: string;
}

const mostNote = 1024;

/**
 * The event of a condition that is another one than before; none where it begins as it should be. The same change of the same object has
 * the same name again, so that what is told again becomes a series.
 */
export function eventOf(
  { prober, before, now }: ConditionChange,
  { instance }: Reporter,
  nowMs: number,
): EventObject | undefined {
  const isGood = now.type === 'Degraded' ? now.status === 'False' : now.status === 'True';
  if (now.status === 'Unknown' || (isGood && before === undefined && now.type !== 'Ready'))
    return undefined;
  const { namespace, name, uid } = prober;
  const key = `${uid}|${now.type}|${now.status}|${now.reason}`;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${name.slice(0, 200)}.${hash}`, namespace },
    eventTime: microTime(nowMs),
    reportingController: 'kube-latency/operator',
    reportingInstance: instance.slice(0, 128),
    action: 'Reconciling',
    reason: isGood ? (now.type === 'Degraded' ? 'NotDegraded' : now.type) : now.reason,
    regarding: { apiVersion, kind, name, namespace, uid },
    note: now.message.slice(0, mostNote),
    type: isGood ? 'Normal' : 'Warning',
  };
}
