import type { Evidence } from '../../core/evidence.ts';
import type { NodeFacts } from '../../core/node-facts.ts';
import type { Occurrence } from '../../core/occurrence.ts';
import type { SourceReport } from '../../core/source-report.ts';
import { kubernetesSource as source } from './events.ts';
import { firstBound, mayBeMeasured, type PodChoice } from './measured-pod.ts';
import type { NodeSnapshot } from './node-snapshot.ts';
import type { PodSnapshot } from './pod-snapshot.ts';

/** Takes in what the API server shows of a node and its pods, and tells what happened. */
export interface KubernetesObserver {
  /** `heardNs`: when we heard of it; undefined: it may have been so for long. */
  readonly node: (node: NodeSnapshot, heardNs: bigint | undefined) => void;
  readonly pod: (pod: PodSnapshot, heardNs: bigint | undefined) => void;
  /** Why nothing is heard; undefined: nothing is wrong. */
  readonly problem: (problem: Pick<SourceReport, 'problem' | 'pending'> | undefined) => void;
  readonly evidence: () => Evidence;
}

export interface ObserverOptions {
  readonly pod: PodChoice;
}

const secondNs = 1_000_000_000;
/** What has no time of its own is as exact as the watch is quick. */
const heardPrecisionNs = 100_000_000;
/** A node whose readiness comes and goes. */
const mostMoments = 1000;

type Moment = Pick<Occurrence, 'atUnixNs' | 'precisionNs'>;

export function createKubernetesObserver({ pod: choice }: ObserverOptions): KubernetesObserver {
  /** Of the node, by event and time. */
  const ofNode = new Map<string, Occurrence>();
  /** When the conditions of the measured pod came about, by its uid and the condition. */
  const ofPod = new Map<string, Moment>();
  let facts: NodeFacts = {};
  let known: NodeSnapshot | undefined;
  let awaitedNetwork = false;
  let measured: PodSnapshot | undefined;
  let wrong: Pick<SourceReport, 'problem' | 'pending'> | undefined;

  function tell(event: string, stampNs: bigint, moment: Moment): void {
    const key = `${event} ${stampNs}`;
    if (ofNode.has(key) || ofNode.size >= mostMoments) return;
    ofNode.set(key, { event, source, ...moment });
  }

  function node(now: NodeSnapshot, heardNs: bigint | undefined): void {
    const { createdNs, readyNs } = now;
    const told = (event: string, stampNs: bigint | undefined): void => {
      if (stampNs !== undefined) tell(event, stampNs, momentOf(stampNs, heardNs));
    };
    told('kubelet_registered', createdNs);
    told('node_ready', readyNs);
    if (heardNs !== undefined && known?.facts.uid === now.facts.uid) {
      const heard = { atUnixNs: heardNs, precisionNs: heardPrecisionNs };
      if (awaitedNetwork && now.awaitsNetwork === false)
        tell('network_plugin_ready', heardNs, heard);
      if (known?.tainted === true && !now.tainted) tell('node_schedulable', heardNs, heard);
    }
    awaitedNetwork = now.awaitsNetwork ?? awaitedNetwork;
    known = now;
    facts = now.facts;
  }

  function pod(now: PodSnapshot, heardNs: bigint | undefined): void {
    if (!mayBeMeasured(now, choice)) return;
    const chosen =
      measured === undefined || measured.uid === now.uid ? now : firstBound(measured, now);
    if (chosen.uid !== now.uid) return;
    if (measured?.uid !== now.uid) ofPod.clear();
    measured = now;
    const note = (what: string, stampNs: bigint | undefined): void => {
      // Readiness may come and go: the first time is what a boot ends with.
      if (stampNs !== undefined && !ofPod.has(what)) ofPod.set(what, momentOf(stampNs, heardNs));
    };
    note('pod_created', now.createdNs);
    note('pod_scheduled', now.scheduledNs);
    note('pod_ready', now.readyNs);
  }

  function eventProblems(): Record<string, string> {
    const { namespace, name } = choice;
    const where = namespace === '' ? '' : ` of namespace ${namespace}`;
    const which =
      name === '' ? `no pod${where} that runs not on every node` : `no pod ${name}${where}`;
    return {
      ...(measured === undefined
        ? Object.fromEntries(
            ['pod_created', 'pod_scheduled', 'pod_ready'].map((event) => [
              event,
              `${which} was seen on the node`,
            ]),
          )
        : {}),
      ...(measured !== undefined && measured.readyNs === undefined
        ? { pod_ready: `pod ${measured.namespace}/${measured.name} is not ready` }
        : {}),
      node_schedulable:
        known?.tainted === true
          ? 'the node has a taint that keeps pods away'
          : 'its taints were gone before the node was watched',
      network_plugin_ready: 'the node did not say that it waits for its network plugin',
    };
  }

  function podOccurrences(): readonly Occurrence[] {
    if (measured === undefined) return [];
    const comment = `${measured.namespace}/${measured.name}`;
    return [...ofPod].map(([event, moment]) => ({ event, source, ...moment, comment }));
  }

  return {
    node,
    pod,
    problem: (problem) => (wrong = problem),
    evidence: () => ({
      occurrences: [...ofNode.values(), ...podOccurrences()],
      activities: [],
      reports: [wrong === undefined ? { source, events: eventProblems() } : { source, ...wrong }],
      facts,
    }),
  };
}

/** It happened in the second that is named, and before we heard of it. */
function momentOf(stampNs: bigint, heardNs: bigint | undefined): Moment {
  const laterNs = heardNs === undefined ? secondNs : Number(heardNs - stampNs);
  const precisionNs = laterNs > 0 && laterNs < secondNs ? laterNs : secondNs;
  return { atUnixNs: stampNs, precisionNs };
}
