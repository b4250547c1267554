import {
  createEventSender,
  type EventSender,
  type EventSenderOptions,
} from '../../shared/kubernetes/event-sender.ts';
import { eventOf, type Reporter } from '../core/event-object.ts';
import type { VerdictChange } from '../core/verdicts.ts';

export interface KubeEventsOptions extends EventSenderOptions {
  readonly reporter: Reporter;
}

/** Tells changes of verdicts as Events of Kubernetes. */
export interface KubeEvents extends Pick<EventSender, 'outcomes' | 'settled'> {
  readonly tell: (change: VerdictChange) => void;
}

/** An event that could not be told is counted and logged, and the metric tells the verdict all the same. */
export function createKubeEvents(options: KubeEventsOptions): KubeEvents {
  const { tell, outcomes, settled } = createEventSender(options);
  const { reporter, nowMs } = options;
  return { tell: (change) => tell(() => eventOf(change, reporter, nowMs())), outcomes, settled };
}
